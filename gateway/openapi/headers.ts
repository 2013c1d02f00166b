/** Header parameters and response headers, by the names under which operations refer to them. */
export const headers = {
  parameters: {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'The same key with the same body takes effect once, and gets the first answer again',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    },
    ConsistencyToken: {
      name: 'X-Consistency-Token',
      in: 'header',
      description: 'Tokens of earlier commands, separated by commas: the answer is at least as fresh',
      schema: { type: 'string', maxLength: 4_000 },
    },
    Prefer: {
      name: 'Prefer',
      in: 'header',
      description:
        'How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2`',
      schema: { type: 'string' },
    },
    IfNoneMatch: {
      name: 'If-None-Match',
      in: 'header',
      description: 'The tag of the state that the caller holds',
      schema: { type: 'string' },
    },
    LastEventId: {
      name: 'Last-Event-ID',
      in: 'header',
      description: 'The id of the last message that came: what has come since follows',
      schema: { type: 'string', pattern: '^\\d{1,18}$' },
    },
  },
  headers: {
    'X-Request-Id': { description: "The caller's, or a new one", schema: { type: 'string' } },
    traceparent: { description: 'W3C trace context of the request', schema: { type: 'string' } },
    'X-Consistency-Token': { description: 'Stands for what was written', schema: { type: 'string' } },
    Location: { description: 'Where what was made can be read', schema: { type: 'string' } },
    'Cache-Control': { description: 'Ask before each use of what was kept', schema: { type: 'string' } },
    Age: {
      description: 'Seconds since it was read, where it was read before',
      schema: { type: 'integer', minimum: 0 },
    },
    ETag: { description: 'The tag of this state', schema: { type: 'string' } },
    'WWW-Authenticate': { description: 'Bearer', schema: { type: 'string' } },
    'Retry-After': { description: 'Seconds after which to try again', schema: { type: 'integer', minimum: 0 } },
    'RateLimit-Policy': {
      description: 'How many requests (q) may come in how many seconds (w), by draft-ietf-httpapi-ratelimit-headers-10',
      schema: { type: 'string' },
      example: '"reads";q=150;w=2',
    },
    RateLimit: {
      description: 'How many requests are left (r), and after how many seconds all are there again (t)',
      schema: { type: 'string' },
      example: '"reads";r=149;t=1',
    },
  },
};
