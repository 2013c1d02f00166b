import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import monitoring from '@eventstore/db-client/generated/monitoring_grpc_pb.js';
import operations from '@eventstore/db-client/generated/operations_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import projections from '@eventstore/db-client/generated/projections_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import users from '@eventstore/db-client/generated/users_grpc_pb.js';
import { readBatchMessage } from './batch-message.js';

/**
 * The services of the protocol, as the client's package defines them. What comes and goes in great numbers is read and
 * written by hand: the messages and answers of `batchAppend`, the answers of `read`.
 */
export const StreamsService = {
  ...streams.StreamsService,
  batchAppend: {
    ...streams.StreamsService.batchAppend,
    requestDeserialize: readBatchMessage,
    responseSerialize: (answer: Buffer) => answer,
  },
  read: { ...streams.StreamsService.read, responseSerialize: (answer: Buffer) => answer },
};

export const { ServerFeaturesService } = features;
export const { GossipService } = gossip;

/** Those that are not offered. */
export const { MonitoringService } = monitoring;
export const { OperationsService } = operations;
export const { PersistentSubscriptionsService } = persistent;
export const { ProjectionsService } = projections;
export const { UsersService } = users;
