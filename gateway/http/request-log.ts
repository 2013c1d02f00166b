import { randomUUID as randomId } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Log } from '../../infra/logging/log.js';
import { requestIdFrom } from '../../infra/logging/request-context.js';
import type { RequestMetrics } from '../metrics/request-metrics.js';

/** What is noted of a request: its route rather than its address, nothing of its content. */
export type RequestNotes = {
  readonly method: string;
  readonly pattern: string;
  readonly requestId: string;
  traceId: string;
  /** Why it was refused. */
  code?: string;
  /** What went wrong on our side. */
  err?: unknown;
};

/** The caller's request id, or else a new one. */
export const requestIdOf = (headers: IncomingHttpHeaders): string => requestIdFrom(headers) ?? randomId();

/** Writes one line when the request is over, and counts it. */
export const noteRequest = (
  response: ServerResponse,
  notes: RequestNotes,
  { log, metrics }: Readonly<{ log: Log; metrics: RequestMetrics }>,
): void => {
  metrics.began();
  const began = performance.now();
  response.once('close', () => {
    const tookMs = performance.now() - began;
    metrics.ended(notes, { status: response.headersSent ? response.statusCode : 'none', seconds: tookMs / 1_000 });
    const durationMs = Math.round(tookMs * 10) / 10;
    const line = { status: response.statusCode, durationMs, aborted: !response.writableFinished, ...notes };
    log[levelOf(notes)](line, 'request');
  });
};

/** The launcher asks for the platform's health all the time: that is seen at level debug only. */
const levelOf = ({ code, err, pattern }: RequestNotes): 'error' | 'warn' | 'info' | 'debug' => {
  if (code === 'internal.error') return 'error';
  if (err !== undefined) return 'warn';
  return pattern.startsWith('/health') ? 'debug' : 'info';
};
