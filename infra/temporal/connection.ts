import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { traceStarts } from './tracing-interceptors.js';

/** Temporal as starters and readers of workflows use it. */
export type Temporal = Readonly<{
  client: Client;
  /** Whether the frontend answers within a second. */
  isReachable: () => Promise<boolean>;
  close: () => Promise<void>;
}>;

/** gRPC by itself waits up to two minutes before it looks again for a server that was away. */
const longestWaitMs = 5_000;

/**
 * A client for the namespace `default` at `host:port`. It connects when it is first used, and again whenever Temporal
 * was away; calls fail in the meantime. A workflow that it starts continues the active trace.
 */
export const connectTemporal = (address: string): Temporal => {
  const connection = Connection.lazy({ address, channelArgs: { 'grpc.max_reconnect_backoff_ms': longestWaitMs } });
  return {
    client: new Client({ connection, namespace: 'default', interceptors: traceStarts }),
    isReachable: () =>
      connection
        .withDeadline(Date.now() + 1_000, () => connection.workflowService.getSystemInfo({}))
        .then(
          () => true,
          () => false,
        ),
    close: () => connection.close(),
  };
};

/**
 * Connects a worker to `host:port`, trying again until Temporal answers; says once that it waits.
 *
 * @throws AbortError once `signal` is aborted, and whatever else is wrong than that Temporal is away.
 */
export const connectWorker = async (
  address: string,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<NativeConnection> => {
  for (let wait = 200; ; wait = Math.min(2 * wait, longestWaitMs)) {
    signal.throwIfAborted();
    try {
      return await NativeConnection.connect({ address });
    } catch (error) {
      if (!(error instanceof Error && error.name === 'TransportError')) throw error;
      if (wait === 200) log(`Waiting for Temporal at ${address}`);
      await delay(wait, undefined, { signal });
    }
  }
};
