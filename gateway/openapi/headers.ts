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
      description: 'How many seconds to wait for an answer that is fresh enough, at most 30: `wait=2`',
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
    ETag: { description: 'The tag of this state', schema: { type: 'string' } },
    'WWW-Authenticate': { description: 'Bearer', schema: { type: 'string' } },
    'Retry-After': { description: 'Seconds after which to try again', schema: { type: 'integer', minimum: 0 } },
  },
};
