import type { sendUnaryData } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { StreamsService } from './services.js';

/** The version of EventStoreDB whose protocol is spoken. */
const protocolVersion = '24.10.0';

/** Serves `ServerFeatures/GetSupportedMethods`: what a client may use. It asks once, before its first append. */
export const serveFeatures = (_call: unknown, answer: sendUnaryData<features.SupportedMethods>) => {
  const methods = Object.values(StreamsService).map(({ path }) => {
    const [, service = '', method = ''] = path.split('/');
    return new features.SupportedMethod().setServiceName(service.toLowerCase()).setMethodName(method.toLowerCase());
  });
  answer(null, new features.SupportedMethods().setEventStoreServerVersion(protocolVersion).setMethodsList(methods));
};
