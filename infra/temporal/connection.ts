import { Client, Connection } from '@temporalio/client';
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
