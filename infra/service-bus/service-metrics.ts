import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../../domains/shared/errors.js';

/** What a service endpoint counts and measures, for Prometheus. */
export type ServiceMetrics = Readonly<{
  /** Goes before the routes. */
  measure: RequestHandler;
  /** What a command came to: `done`, or the code of its refusal. */
  command: (type: string, outcome: 'done' | ErrorCode) => void;
  contentType: string;
  /** All metrics in the exposition format. */
  text: () => Promise<string>;
}>;

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Adds metrics of what a process does beside answering. */
export type AddMetrics = (registry: Registry) => void;

/** Metrics in a registry of their own, with those of the process. */
export const createServiceMetrics = (add?: AddMetrics): ServiceMetrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'evermart_request_duration_seconds',
    help: 'How long requests took until their answer had left',
    labelNames: ['method', 'route', 'status'],
    buckets: seconds,
    registers,
  });
  const inFlight = new Gauge({
    name: 'evermart_requests_in_flight',
    help: 'Requests without an answer yet',
    registers,
  });
  const commands = new Counter({
    name: 'evermart_commands_total',
    help: 'Commands by what they came to: done, or the code of the refusal',
    labelNames: ['type', 'outcome'],
    registers,
  });
  add?.(registry);
  return {
    measure: (request, response, next) => {
      const end = duration.startTimer();
      inFlight.inc();
      response.once('close', () => {
        inFlight.dec();
        end({ method: request.method, route: routeOf(request), status: response.statusCode });
      });
      next();
    },
    // There is no end of names that are unknown.
    command: (type, outcome) => commands.inc({ type: outcome === 'command.unknown' ? '(unknown)' : type, outcome }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
};

/** The pattern of the route that answered, never the path. */
const routeOf = ({ route }: Readonly<{ route?: unknown }>): string => {
  const { path } = Object(route) as { path?: unknown };
  return typeof path === 'string' ? path : '(none)';
};
