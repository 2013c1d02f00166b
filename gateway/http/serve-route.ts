import type { Request, RequestHandler, Response } from 'express';
import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { Log } from '../../infra/logging/log.js';
import {
  currentTraceparent,
  inSpan,
  newTraceparent,
  recordError,
  traceIdOf,
  traceparentFrom,
} from '../../infra/telemetry/tracing.js';
import type { AnswerHeaders } from '../limits/rate-limits.js';
import { problemAnswer } from './problem.js';
import type { Receive } from './receive.js';
import { logRequest, requestIdOf, type RequestNotes } from './request-log.js';
import type { Answer, Route, StreamedAnswer } from './route.js';
import type { Streams } from './streams.js';

type Served = Pick<Route, 'pattern' | 'handle'> & Readonly<{ receive: Receive }>;

/** What all routes of a server share. */
export type ServeParts = Readonly<{ log: Log; streams: Streams }>;

/**
 * Answers the requests of one route: each within a server span that goes on with the caller's trace, with a line in the
 * log, and with a problem where anything goes wrong. It never rejects. A stream is within the span to its end; one that
 * fails is broken off.
 */
export const serveRoute =
  (served: Served, { log, streams }: ServeParts): RequestHandler =>
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
        const always: AnswerHeaders = { 'X-Request-Id': notes.requestId, traceparent };
        const answer = await answerTo(request, traceparent, served, { notes, always });
        noteOn(span, answer, notes);
        if (!('stream' in answer)) {
          send(response, answer, always);
          return;
        }
        response.writeHead(answer.status, { ...answer.headers, ...always }).flushHeaders();
        await sendStream(response, method === 'HEAD' ? nothing : answer.stream, { streams, span, notes });
      },
    );
  };

/** An answer in the form in which it leaves. */
type Encoded = Readonly<{ status: number; headers: Readonly<Record<string, string>>; body: string | undefined }>;

const answerTo = async (
  request: Request,
  traceparent: string,
  { receive, handle }: Served,
  { notes, always }: Readonly<{ notes: RequestNotes; always: AnswerHeaders }>,
): Promise<Encoded | StreamedAnswer> => {
  try {
    const answer = await handle(await receive(request, traceparent, always));
    return 'stream' in answer ? answer : encoded(answer);
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
const noteOn = (span: Span, { status }: Pick<Answer, 'status'>, { code }: RequestNotes) => {
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

const nothing = () => Promise.resolve();

/** Where it fails the status has long been sent: the client can see it only from the end that is missing. */
const sendStream = async (
  response: Response,
  stream: StreamedAnswer['stream'],
  { streams, span, notes }: Readonly<{ streams: Streams; span: Span; notes: RequestNotes }>,
) => {
  try {
    await streams.send(response, stream);
  } catch (error) {
    notes.code = problemAnswer(error, notes.traceId).body.code;
    notes.err = error;
    recordError(span, error);
    response.destroy();
  }
};
