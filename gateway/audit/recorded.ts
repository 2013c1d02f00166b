import { randomUUID as randomId } from 'node:crypto';
import type { RecordAuditRead } from '../../domains/audit/commands.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { GatewayRequest, Route } from '../http/route.js';

/**
 * A route whose every use is an event in the stream of whoever uses it. It is written before anything is read: nobody
 * reads unseen, and while it cannot be written nothing is read.
 */
export const recorded =
  (bus: Pick<ServiceBus, 'send'>) =>
  (route: Route): Route => ({
    ...route,
    handle: async (request) => {
      await recordRead(bus, request);
      return route.handle(request);
    },
  });

/** Writes into the stream of whoever asks what they are about to read. */
export const recordRead = async (bus: Pick<ServiceBus, 'send'>, request: GatewayRequest): Promise<void> => {
  await bus.send('audit', readBy(request));
};

const readBy = (request: GatewayRequest) => {
  const { caller, traceparent } = request;
  const commandId = randomId();
  const data: RecordAuditRead['data'] = { reader: caller.userId, what: whatIsRead(request) };
  return {
    ...{ type: 'RecordAuditRead', data, commandId, correlationId: commandId, traceparent, isNew: true as const },
    ...{ at: new Date().toISOString(), actor: caller.userId },
  };
};

/** What of a body says which events are read: `named` knows the names, and the rest has a form. */
const selecting = ['stream', 'correlationId', 'from', 'to', 'view', 'at'] as const;

/** The request as a line: method, path and query string, with what of the body is `selecting`. */
const whatIsRead = ({ method, pattern, params, query, body }: GatewayRequest): string => {
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const asked = new URLSearchParams(query as Readonly<Record<string, string>>);
  for (const name of selecting) {
    const selected = (body as Readonly<Record<string, unknown>> | undefined)?.[name];
    if (typeof selected === 'string') asked.set(name, selected);
  }
  return `${method} ${path}${asked.size > 0 ? `?${asked.toString()}` : ''}`.slice(0, longestKept);
};

/** As long as the command takes. */
const longestKept = 2_000;
