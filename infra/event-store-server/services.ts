import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';

/** The services of the protocol, as the client's package defines them. Answers of `read` arrive here encoded. */
export const StreamsService = {
  ...streams.StreamsService,
  read: { ...streams.StreamsService.read, responseSerialize: (answer: Buffer) => answer },
};

export const { ServerFeaturesService } = features;
export const { PersistentSubscriptionsService } = persistent;
