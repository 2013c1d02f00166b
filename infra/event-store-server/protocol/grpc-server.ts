import { Server, type ServerInterceptor } from '@grpc/grpc-js';
import type { Activity } from '../activity.js';
import { serveAppend } from './append.js';
import { serveBatchAppend } from './batch-append.js';
import { serveDelete, serveTombstone } from './delete.js';
import { serveFeatures } from './features.js';
import { serveGossip } from './gossip.js';
import type { EventLog } from '../log/event-log.js';
import { refuseNotOffered } from './not-offered.js';
import { serveRead } from './read.js';
import { GossipService, ServerFeaturesService, StreamsService } from './services.js';

/** `defaultPort` is that of a caller who names none. Every call passes the interceptors first. */
export type GrpcOptions = Readonly<{
  log: EventLog;
  activity: Activity;
  stopping: AbortSignal;
  defaultPort: number;
  interceptors: ServerInterceptor[];
}>;

/** Events of EventStoreDB have at most 16 MiB; what is above the limit of an append is refused after it was read. */
const largestMessage = 17 * 1024 * 1024;
/** How often a quiet connection is asked whether its other end is still there, and how long it may take to answer. */
const keepalive = 30_000;

/** The gRPC services of the event store. It does not listen itself. */
export const createGrpcServer = ({ log, activity, stopping, defaultPort, interceptors }: GrpcOptions): Server => {
  const grpc = new Server({
    'grpc.max_receive_message_length': largestMessage,
    'grpc.max_send_message_length': -1,
    'grpc.enable_channelz': 0,
    'grpc.keepalive_time_ms': keepalive,
    'grpc.keepalive_timeout_ms': keepalive,
    interceptors,
  });
  grpc.addService(StreamsService, {
    append: serveAppend(log, activity),
    batchAppend: serveBatchAppend(log, activity, stopping),
    read: serveRead(log, activity, stopping),
    delete: serveDelete(log),
    tombstone: serveTombstone(log),
  });
  grpc.addService(GossipService, { read: serveGossip(defaultPort) });
  grpc.addService(ServerFeaturesService, {
    getSupportedMethods: serveFeatures([StreamsService, GossipService, ServerFeaturesService]),
  });
  refuseNotOffered(grpc);
  return grpc;
};
