import { randomUUID as randomId } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Log } from '../../infra/logging/log.js';

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

/** The caller's `X-Request-Id` where it is one that can be repeated in headers and logs, or else a new one. */
export const requestIdOf = (headers: IncomingHttpHeaders): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomId();
};

/** Writes one line when the request is over. */
export const logRequest = (response: ServerResponse, notes: RequestNotes, log: Log): void => {
  const began = performance.now();
  response.once('close', () => {
    const durationMs = Math.round((performance.now() - began) * 10) / 10;
    const line = { ...notes, status: response.statusCode, durationMs, aborted: !response.writableFinished };
    log[levelOf(notes)](line, 'request');
  });
};

/** The launcher asks for the platform's health all the time: that is seen at level debug only. */
const levelOf = ({ code, err, pattern }: RequestNotes): 'error' | 'warn' | 'info' | 'debug' => {
  if (code === 'internal.error') return 'error';
  if (err !== undefined) return 'warn';
  return pattern.startsWith('/health') ? 'debug' : 'info';
};
