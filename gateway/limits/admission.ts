import type { RequestListener, ServerResponse } from 'node:http';
import type { Log } from '../../infra/logging/log.js';
import { newTraceparent, traceIdOf, traceparentFrom } from '../../infra/telemetry/tracing.js';
import { problemAnswer } from '../http/problem.js';
import { logRequest, requestIdOf } from '../http/request-log.js';
import { refusalOfHead } from './connections.js';
import type { InFlight } from './in-flight.js';
import { overloaded } from './limit-reached.js';

/** Lets through to `listener` what this process can bear: always whoever asks how it is, of all else so much at once. */
export const createAdmission =
  (listener: RequestListener, { inFlight, log }: Readonly<{ inFlight: InFlight; log: Log }>): RequestListener =>
  (request, response) => {
    const refusal = refusalOfHead(request);
    if (refusal) {
      refuse(response, refusal, log);
      return;
    }
    const begin = () => {
      listener(request, response);
    };
    if (isOperational(request.url)) begin();
    else inFlight.enter(response, begin, () => refuse(response, overloaded('Too much is being done at once'), log));
  };

/** Whether an address is one by which somebody finds out how the platform is. */
export const isOperational = (url = ''): boolean => url.startsWith('/health') || url.startsWith('/metrics');

/** Whoever sends too much is not asked to send the rest of it. */
const refuse = (response: ServerResponse, error: Error, log: Log) => {
  const { method = '', headers } = response.req;
  const traceparent = traceparentFrom(headers) ?? newTraceparent();
  const requestId = requestIdOf(headers);
  const { status, headers: own, body } = problemAnswer(error, traceIdOf(traceparent));
  logRequest(response, { method, pattern: '(refused)', requestId, traceId: body.traceId, code: body.code }, log);
  const text = JSON.stringify(body);
  const length = { 'content-length': Buffer.byteLength(text), ...(status === 503 ? {} : { connection: 'close' }) };
  response.writeHead(status, { ...own, ...length, 'X-Request-Id': requestId, traceparent }).end(text);
};
