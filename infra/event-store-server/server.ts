import { setTimeout as wait } from 'node:timers/promises';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { serveAppend } from './append.js';
import { serveBatchAppend } from './batch-append.js';
import { serveDelete, serveTombstone } from './delete.js';
import { serveFeatures } from './features.js';
import { listen } from './listener.js';
import { openLog, type EventLog } from './log/event-log.js';
import { refusePersistentSubscriptions } from './persistent-subscriptions.js';
import { serveRead } from './read.js';
import { PersistentSubscriptionsService, ServerFeaturesService, StreamsService } from './services.js';

/** `port` 0 takes a free one. */
export type ServerOptions = Readonly<{ file: string; host: string; port: number }>;

/** `stop` commits what is pending, ends every stream with UNAVAILABLE, and closes the file. */
export type RunningServer = Readonly<{ url: string; port: number; stop: () => Promise<void> }>;

/** Events of EventStoreDB have at most 16 MiB; what is above the limit of an append is refused after it was read. */
const largestMessage = 17 * 1024 * 1024;
/** How long a client that does not read may hold up the end. */
const patience = 3_000;

/**
 * Starts the embedded event store on a database file.
 *
 * @throws UnusableDatabase when the file is foreign, torn or in use.
 * @throws CannotListen when the host is not loopback or the port is taken.
 */
export const startServer = async ({ file, host, port }: ServerOptions): Promise<RunningServer> => {
  const log = openLog(file);
  const stopping = new AbortController();
  const grpc = createGrpcServer(log, stopping.signal);
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = await listen(host, port, (socket) => injector.injectConnection(socket)).catch((error: unknown) => {
    log.close();
    throw error;
  });

  const stop = async () => {
    listener.close();
    stopping.abort();
    const ended = new Promise<void>((resolve) => {
      grpc.tryShutdown(() => resolve());
    });
    await Promise.race([ended, wait(patience, undefined, { ref: false })]);
    grpc.forceShutdown();
    log.close();
  };
  let stopped: Promise<void> | undefined;

  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `esdb://${name}:${listener.port}?tls=false`, port: listener.port, stop: () => (stopped ??= stop()) };
};

const createGrpcServer = (log: EventLog, stopping: AbortSignal) => {
  const grpc = new Server({
    'grpc.max_receive_message_length': largestMessage,
    'grpc.max_send_message_length': -1,
    'grpc.enable_channelz': 0,
  });
  grpc.addService(StreamsService, {
    append: serveAppend(log),
    batchAppend: serveBatchAppend(log, stopping),
    read: serveRead(log, stopping),
    delete: serveDelete(log),
    tombstone: serveTombstone(log),
  });
  grpc.addService(ServerFeaturesService, { getSupportedMethods: serveFeatures });
  grpc.addService(PersistentSubscriptionsService, refusePersistentSubscriptions());
  return grpc;
};
