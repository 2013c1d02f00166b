import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config.js';
import { currentTraceId } from '../telemetry/tracing.js';
import { currentRequest } from './request-context.js';

export type Log = Logger;

/**
 * Structured lines on standard output, or wherever else they are to go. What is logged while something is done for a
 * request has its `requestId` and `traceId`. Errors are logged by their name, code and stack
 * frames, never by their message, which may hold what a person typed or a driver quoted.
 */
export const createLog = (
  service: string,
  { LOG_LEVEL }: Pick<Config, 'LOG_LEVEL'>,
  destination: DestinationStream = inBatches(1),
): Log =>
  pino({ level: LOG_LEVEL, base: { service }, mixin: idsNow, serializers: { err: describeError } }, destination);

/** A line has its own ids where it names them; what is done for no request may still belong to a trace. */
const idsNow = (): Record<string, unknown> => {
  const { requestId, traceId = currentTraceId() } = currentRequest();
  return { requestId, traceId };
};

/**
 * Writes lines to a file descriptor or a file, those of a moment at once: a system call for each would be one of the
 * dearest things about a request. What is left is written when the process exits.
 */
export const inBatches = (dest: number | string): DestinationStream =>
  pino.destination({ dest, sync: false, minLength: 4_096, periodicFlush: 50 });

const describeError = (error: unknown): Readonly<Record<string, unknown>> => {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error ? error.code : undefined;
  const frames = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8);
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    frames,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
};
