import { Client, credentials } from '@grpc/grpc-js';

/**
 * Whether the Temporal frontend at `host:port` answers. A plain gRPC call, since this is asked of every gateway, and
 * Temporal's client takes 24 MiB.
 */
export const createTemporalCheck = (address: string): (() => Promise<boolean>) => {
  const client = new Client(address, credentials.createInsecure(), { 'grpc.max_reconnect_backoff_ms': 5_000 });
  return () =>
    new Promise((resolve) => {
      client.makeUnaryRequest(
        '/temporal.api.workflowservice.v1.WorkflowService/GetSystemInfo',
        asItIs,
        asItIs,
        emptyMessage,
        { deadline: Date.now() + 1_500 },
        (error) => resolve(error === null),
      );
    });
};

const asItIs = (bytes: Buffer) => bytes;
const emptyMessage = Buffer.alloc(0);
