import type { Request, RequestHandler, Response } from 'express';
import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { Log } from '../../infra/logging/log.js';
import {
  currentTraceparent,
  inSpan,
  newTraceparent,
  traceIdOf,
  traceparentFrom,
} from '../../infra/telemetry/tracing.js';
import { problemAnswer } from './problem.js';
import type { Receive } from './receive.js';
import { logRequest, requestIdOf, type RequestNotes } from './request-log.js';
import type { Answer, Route } from './route.js';

type Served = Pick<Route, 'pattern' | 'handle'> & Readonly<{ receive: Receive }>;

/**
 * Answers the requests of one route: each within a server span that goes on with the caller's trace, with a line in the
 * log, and with a problem where anything goes wrong. It never rejects.
 */
export const serveRoute =
  (served: Served, log: Log): RequestHandler =>
  (request, response) => {
    const { method } = request;
    const { pattern } = served;
    const continued = traceparentFrom(request.headers);
    const notes: RequestNotes = { method, pattern, requestId: requestIdOf(request.headers), traceId: '' };
    logRequest(response, notes, log);
    return inSpan(
      `HTTP ${method} ${pattern}`,
      {
        kind: 'server',
        attributes: { 'http.request.method': method, 'http.route': pattern },
        ...(continued === undefined ? {} : { parent: continued }),
      },
      async (span) => {
        const traceparent = currentTraceparent() ?? continued ?? newTraceparent();
        notes.traceId = traceIdOf(traceparent);
        const answer = await answerTo(request, traceparent, served, notes);
        noteOn(span, answer, notes);
        send(response, answer, { 'X-Request-Id': notes.requestId, traceparent });
      },
    );
  };

/** An answer in the form in which it leaves. */
type Encoded = Readonly<{ status: number; headers: Readonly<Record<string, string>>; body: string | undefined }>;

const answerTo = async (
  request: Request,
  traceparent: string,
  { receive, handle }: Served,
  notes: RequestNotes,
): Promise<Encoded> => {
  try {
    return encoded(await handle(await receive(request, traceparent)));
  } catch (error) {
    const problem = problemAnswer(error, notes.traceId);
    notes.code = problem.body.code;
    if (problem.status >= 500) notes.err = error;
    return encoded(problem);
  }
};

const encoded = ({ status, body, headers = {} }: Answer): Encoded => ({
  status,
  headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
  body: body === undefined ? undefined : JSON.stringify(body),
});

/** A refusal is not a fault: only what is ours to mend marks the span. */
const noteOn = (span: Span, { status }: Encoded, { code }: RequestNotes) => {
  span.setAttribute('http.response.status_code', status);
  if (status < 500) return;
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', code ?? String(status));
};

const send = (response: Response, { status, headers, body }: Encoded, always: Readonly<Record<string, string>>) => {
  const length: Record<string, string | number> =
    body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length, ...always });
  response.end(body);
};
