import type { IncomingHttpHeaders } from 'node:http';
import { context, createContextKey, type Context } from '@opentelemetry/api';

/** The ids by which all lines of one request are found, in whatever process they were written. */
export type RequestIds = Readonly<{ requestId?: string; traceId?: string }>;

const key = createContextKey('ids of the request');

/** Does `work` for a request: whatever is logged meanwhile, however deep, has its ids. */
export const forRequest = <Result>(ids: RequestIds, work: () => Result): Result =>
  context.with(contextOfRequest(ids), work);

/** The context in which something is done for a request. */
export const contextOfRequest = (ids: RequestIds): Context => context.active().setValue(key, ids);

/** The same headers and, while something is done for a request, its id: whoever is called can log it as well. */
export const injectRequestId = (headers: Record<string, string>): Record<string, string> => {
  const { requestId } = currentRequest();
  return requestId === undefined ? headers : { ...headers, [requestIdHeader]: requestId };
};

/** The caller's `X-Request-Id`; undefined where there is none that can be repeated in headers and logs. */
export const requestIdFrom = (headers: IncomingHttpHeaders): string | undefined => {
  const given = headers[requestIdHeader];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : undefined;
};

const requestIdHeader = 'x-request-id';

/** The ids of the request for which something is done now; none where it is done for no request. */
export const currentRequest = (): RequestIds => (context.active().getValue(key) as RequestIds | undefined) ?? none;

const none: RequestIds = {};
