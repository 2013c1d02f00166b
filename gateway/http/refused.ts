import type { IncomingMessage, ServerResponse } from 'node:http';
import { newTraceparent, traceIdOf, traceparentFrom } from '../../infra/telemetry/tracing.js';
import type { CrossOrigin } from './cross-origin.js';
import { problemAnswer } from './problem.js';
import { noteRequest, requestIdOf, type RequestNotes } from './request-log.js';
import { refusalHeaders } from './security-headers.js';
import type { ServeParts } from './serve-route.js';

/** The answer to a request that no route has seen, ready to leave, and what is noted of it. */
export type Refused = Readonly<{
  status: number;
  headers: Readonly<Record<string, string | number>>;
  text: string;
  notes: RequestNotes;
}>;

/** What a request is refused with before its route is looked for; it has the headers that every answer has. */
export const refusedRequest = (
  error: Error,
  { method = '(unknown)', headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  { headersFor }: Pick<CrossOrigin, 'headersFor'>,
): Refused => {
  const traceparent = traceparentFrom(headers) ?? newTraceparent();
  const requestId = requestIdOf(headers);
  const { status, headers: own, body } = problemAnswer(error, traceIdOf(traceparent));
  const text = JSON.stringify(body);
  const always = { ...headersFor(headers), 'X-Request-Id': requestId, traceparent };
  return {
    status,
    headers: { ...refusalHeaders, ...own, 'content-length': Buffer.byteLength(text), ...always },
    text,
    notes: { method, pattern: '(refused)', requestId, traceId: body.traceId, code: body.code },
  };
};

/** Refuses a request, with a line in the log. Whoever sends too much is not asked to send the rest of it. */
export const refuseRequest = (
  response: ServerResponse,
  error: Error,
  parts: Pick<ServeParts, 'log' | 'metrics' | 'crossOrigin'>,
): void => {
  const { status, headers, text, notes } = refusedRequest(error, response.req, parts.crossOrigin);
  noteRequest(response, notes, parts);
  if (status !== 503) response.shouldKeepAlive = false;
  response.writeHead(status, headers).end(text);
};
