import { defaultPayloadConverter, type Headers } from '@temporalio/common';

/** The Temporal header in which a W3C traceparent goes from the starter through the workflow to its activities. */
export const traceHeader = 'traceparent';

/** The headers and a traceparent; the workflow passes it on unread. */
export const withTraceparent = (headers: Headers, traceparent: string): Headers => ({
  ...headers,
  [traceHeader]: defaultPayloadConverter.toPayload(traceparent),
});

/** The traceparent in headers, undefined where the starter was not traced. */
export const traceparentIn = (headers: Headers): string | undefined => {
  const payload = headers[traceHeader];
  return payload && defaultPayloadConverter.fromPayload(payload);
};
