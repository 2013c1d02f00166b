import type { Request, RequestHandler, Response } from 'express';
import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { Log } from '../../infra/logging/log.js';
import { contextOfRequest } from '../../infra/logging/request-context.js';
import {
  inSpan,
  newTraceparent,
  recordError,
  traceIdOf,
  traceparentOf,
  traceparentFrom,
} from '../../infra/telemetry/tracing.js';
import type { AnswerHeaders } from '../limits/rate-limits.js';
import type { RequestMetrics } from '../metrics/request-metrics.js';
import { compressed } from './compressed.js';
import { tagged } from './conditional.js';
import type { CrossOrigin } from './cross-origin.js';
import { problemAnswer } from './problem.js';
import type { Receive } from './receive.js';
import { noteRequest, requestIdOf, type RequestNotes } from './request-log.js';
import type { Answer, Encoded, Route, StreamedAnswer } from './route.js';
import type { Streams } from './streams.js';

type Served = Pick<Route, 'pattern' | 'handle'> &
  Partial<Pick<Route, 'answers'>> &
  Readonly<{
    receive: Receive;
    /** What every answer has unless it says otherwise. */
    constant: Readonly<Record<string, string>>;
  }>;

/** What all routes of a server share. */
export type ServeParts = Readonly<{ log: Log; metrics: RequestMetrics; streams: Streams; crossOrigin: CrossOrigin }>;

/**
 * Answers the requests of one route: each within a server span that goes on with the caller's trace, with a line in the
 * log, and with a problem where anything goes wrong. It never rejects. A stream is within the span to its end; one that
 * fails is broken off.
 */
export const serveRoute =
  (served: Served, parts: ServeParts): RequestHandler =>
  (request, response) => {
    const { method } = request;
    const { pattern, constant } = served;
    const continued = traceparentFrom(request.headers);
    const notes: RequestNotes = { method, pattern, requestId: requestIdOf(request.headers), traceId: '' };
    noteRequest(response, notes, parts);
    const answering = async (span: Span) => {
      const traceparent = traceparentOf(span) ?? continued ?? newTraceparent();
      notes.traceId = traceIdOf(traceparent);
      const always: AnswerHeaders = {
        'X-Request-Id': notes.requestId,
        traceparent,
        ...parts.crossOrigin.headersFor(request.headers),
      };
      const answer = await answerTo(request, traceparent, served, { notes, always });
      noteOn(span, answer, notes);
      if (!('stream' in answer)) {
        send(response, answer, { constant, always });
        return;
      }
      response.writeHead(answer.status, { ...constant, ...answer.headers, ...always }).flushHeaders();
      const stream = method === 'HEAD' ? nothing : answer.stream;
      await sendStream(response, stream, { ...parts, span, notes });
    };
    const attributes = { 'http.request.method': method, 'http.route': pattern };
    const within = contextOfRequest(notes);
    return inSpan(`HTTP ${method} ${pattern}`, { kind: 'server', attributes, within, parent: continued }, answering);
  };

const answerTo = async (
  request: Request,
  traceparent: string,
  { receive, handle, answers }: Served,
  { notes, always }: Readonly<{ notes: RequestNotes; always: AnswerHeaders }>,
): Promise<Encoded | StreamedAnswer> => {
  try {
    const answer = await handle(await receive(request, traceparent, always));
    if ('stream' in answer) return answer;
    return isRead(request) ? await represented(request, encoded(answer), answers) : encoded(answer);
  } catch (error) {
    const problem = problemAnswer(error, notes.traceId);
    notes.code = problem.body.code;
    if (problem.status >= 500) notes.err = error;
    return encoded(problem);
  }
};

const isRead = ({ method }: Request) => method === 'GET' || method === 'HEAD';

/** What was read, as whoever asks wants it. */
const represented = (request: Request, answer: Encoded, answers: Route['answers'] | undefined): Promise<Encoded> =>
  compressed(request, answers?.headers?.includes('ETag') ? tagged(request.headers, answer) : answer);

const encoded = ({ status, body, headers = {}, gzipped }: Answer): Encoded => ({
  status,
  headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
  body: body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  gzipped,
});

/** A refusal is not a fault: only what is ours to mend marks the span. */
const noteOn = (span: Span, { status }: Pick<Answer, 'status'>, { code }: RequestNotes) => {
  span.setAttribute('http.response.status_code', status);
  if (status < 500) return;
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', code ?? String(status));
};

const send = (
  response: Response,
  { status, headers, body }: Encoded,
  { constant, always }: Readonly<Record<'constant' | 'always', Readonly<Record<string, string>>>>,
) => {
  // An object literal of several spreads takes V8 twenty times as long.
  const all: Record<string, string | number> = Object.assign({}, constant, headers, always);
  if (body !== undefined) all['content-length'] = Buffer.byteLength(body);
  response.writeHead(status, all);
  response.end(body);
};

const nothing = () => Promise.resolve();

/** Where it fails the status has long been sent: the client can see it only from the end that is missing. */
const sendStream = async (
  response: Response,
  stream: StreamedAnswer['stream'],
  {
    streams,
    metrics,
    span,
    notes,
  }: Pick<ServeParts, 'streams' | 'metrics'> & Readonly<{ span: Span; notes: RequestNotes }>,
) => {
  try {
    await streams.send(response, stream);
  } catch (error) {
    notes.code = problemAnswer(error, notes.traceId).body.code;
    notes.err = error;
    metrics.broke(notes);
    recordError(span, error);
    response.destroy();
  }
};
