import type { RequestListener, ServerResponse } from 'node:http';
import { newTraceparent, traceIdOf, traceparentFrom } from '../../infra/telemetry/tracing.js';
import { problemAnswer } from '../http/problem.js';
import { noteRequest, requestIdOf } from '../http/request-log.js';
import { refusalHeaders } from '../http/security-headers.js';
import type { ServeParts } from '../http/serve-route.js';
import { refusalOfHead } from './connections.js';
import type { InFlight } from './in-flight.js';
import { overloaded } from './limit-reached.js';

type Noted = Pick<ServeParts, 'log' | 'metrics'>;

/** Lets through to `listener` what this process can bear: always whoever asks how it is, of all else so much at once. */
export const createAdmission =
  (listener: RequestListener, { inFlight, ...parts }: Noted & Readonly<{ inFlight: InFlight }>): RequestListener =>
  (request, response) => {
    const refusal = refusalOfHead(request);
    if (refusal) {
      refuse(response, refusal, parts);
      return;
    }
    const begin = () => {
      listener(request, response);
    };
    if (isOperational(request.url)) begin();
    else inFlight.enter(response, begin, () => refuse(response, overloaded('Too much is being done at once'), parts));
  };

/** Whether an address is one by which somebody finds out how the platform is. */
export const isOperational = (url = ''): boolean => operational.test(url);

const operational = /^\/(?:health(?:\/live|\/ready)?|metrics)(?:$|\?)/;

/** Whoever sends too much is not asked to send the rest of it. */
const refuse = (response: ServerResponse, error: Error, parts: Noted) => {
  const { method = '', headers } = response.req;
  const traceparent = traceparentFrom(headers) ?? newTraceparent();
  const requestId = requestIdOf(headers);
  const { status, headers: own, body } = problemAnswer(error, traceIdOf(traceparent));
  noteRequest(response, { method, pattern: '(refused)', requestId, traceId: body.traceId, code: body.code }, parts);
  const text = JSON.stringify(body);
  const length = { 'content-length': Buffer.byteLength(text), ...(status === 503 ? {} : { connection: 'close' }) };
  response
    .writeHead(status, { ...refusalHeaders, ...own, ...length, 'X-Request-Id': requestId, traceparent })
    .end(text);
};
