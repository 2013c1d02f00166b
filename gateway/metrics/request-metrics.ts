import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Counts and measures the requests of one server. */
export type RequestMetrics = Readonly<{
  began: () => void;
  /** `status` is `none` where the caller went away before there was an answer. */
  ended: (
    request: Readonly<{ method: string; pattern: string }>,
    outcome: Readonly<{ status: number | 'none'; seconds: number }>,
  ) => void;
  /** A stream failed, whose status had long been sent. */
  broke: (request: Readonly<{ pattern: string; code?: string }>) => void;
}>;

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Adds to a registry the requests of a server, by the pattern of their route, how many streams are open, and how many
 * requests there is room for.
 */
export const createRequestMetrics = (
  registry: Registry,
  { openStreams, room }: Readonly<Record<'openStreams' | 'room', () => number>>,
): RequestMetrics => {
  const registers = [registry];
  const duration = new Histogram({
    name: 'evermart_request_duration_seconds',
    help: 'How long requests took until their answer had left',
    labelNames: ['method', 'route', 'status'],
    buckets: seconds,
    registers,
  });
  const broken = new Counter({
    name: 'evermart_streams_broken_total',
    help: 'Streamed answers that failed after their status was sent, by what they failed with',
    labelNames: ['route', 'code'],
    registers,
  });
  let inFlight = 0;
  gauge('requests_in_flight', 'Requests without an answer yet, and streams', () => inFlight, registers);
  gauge('streams_open', 'Streamed answers that have not ended', openStreams, registers);
  gauge('requests_room', 'Requests that are answered at once at most; fewer under pressure', room, registers);
  return {
    began: () => {
      inFlight += 1;
    },
    broke: ({ pattern: route, code = 'internal.error' }) => broken.inc({ route, code }),
    ended: ({ method, pattern: route }, { status, seconds: took }) => {
      inFlight -= 1;
      duration.observe({ method, route, status }, took);
    },
  };
};

const gauge = (name: string, help: string, read: () => number, registers: Registry[]) =>
  new Gauge({
    name: `evermart_${name}`,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
