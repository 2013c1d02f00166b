import type { IncomingHttpHeaders } from 'node:http';

type Constant = Readonly<Record<string, string>>;

/** What browsers are told of pages of other origins (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export type CrossOrigin = Readonly<{
  /** For every answer to a request with these headers. */
  headersFor: (headers: IncomingHttpHeaders) => Constant;
  /** Beside them, for the answer to an OPTIONS request about an address that takes `methods`. */
  preflightFor: (headers: IncomingHttpHeaders, methods: string) => Constant;
}>;

/**
 * Lets the pages of some origins, such as `https://shop.example`, use the API: nobody else's, and never with cookies,
 * since who somebody is goes by their token alone.
 */
export const createCrossOrigin = (origins: readonly string[]): CrossOrigin => {
  if (origins.length === 0) return { headersFor: () => nothing, preflightFor: () => nothing };
  const allowed = new Map(
    origins.map((origin) => [origin, { ...vary, 'Access-Control-Allow-Origin': origin, ...exposing }]),
  );
  return {
    headersFor: ({ origin = '' }) => allowed.get(origin) ?? vary,
    preflightFor: ({ origin = '' }, methods) =>
      allowed.has(origin) ? { ...taking, 'Access-Control-Allow-Methods': methods } : nothing,
  };
};

const nothing: Constant = {};

/** Whoever keeps an answer must not show it to another origin. Long answers vary by encoding as well: this stands in place of theirs. */
const vary = { Vary: 'Accept-Encoding, Origin' };

/** What scripts may read of an answer, beside what they always may. */
const exposing = {
  'Access-Control-Expose-Headers': [
    ...['X-Consistency-Token', 'X-Request-Id', 'traceparent', 'Location', 'ETag', 'Retry-After', 'WWW-Authenticate'],
    ...['RateLimit', 'RateLimit-Policy'],
  ].join(', '),
};

/** What scripts may send. Browsers ask again after two hours: none remembers for longer than a day, some for no longer. */
const taking = {
  'Access-Control-Allow-Headers': [
    ...['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Consistency-Token', 'Prefer', 'If-None-Match'],
    ...['Last-Event-ID', 'X-Request-Id', 'traceparent'],
  ].join(', '),
  'Access-Control-Max-Age': '7200',
};
