import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import type { Log } from '../logging/log.js';

const longestWaitMs = 5_000;

/**
 * Connects a worker to `host:port`, trying again until Temporal answers; says once that it waits. Apart from
 * `connection.ts`, since it brings the native part of Temporal's SDK into the process.
 *
 * @throws AbortError once `signal` is aborted, and whatever else is wrong than that Temporal is away.
 */
export const connectWorker = async (address: string, signal: AbortSignal, log: Log): Promise<NativeConnection> => {
  for (let wait = 200; ; wait = Math.min(2 * wait, longestWaitMs)) {
    signal.throwIfAborted();
    try {
      return await NativeConnection.connect({ address });
    } catch (error) {
      if (!(error instanceof Error && error.name === 'TransportError')) throw error;
      if (wait === 200) log.warn({ address }, 'waiting for Temporal');
      await delay(wait, undefined, { signal });
    }
  }
};
