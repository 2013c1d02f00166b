import type { sendUnaryData, ServiceDefinition } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';

/** The version of EventStoreDB whose protocol is spoken. */
const protocolVersion = '24.10.0';

/**
 * Serves `ServerFeatures/GetSupportedMethods`: the methods of the services that are served, as EventStoreDB lists them,
 * in lower case. A client asks once, before its first append.
 */
export const serveFeatures = (services: readonly ServiceDefinition[]) => {
  const supported = new features.SupportedMethods()
    .setEventStoreServerVersion(protocolVersion)
    .setMethodsList(services.flatMap((service) => Object.values(service)).map(({ path }) => methodAt(path)));
  return (_call: unknown, answer: sendUnaryData<features.SupportedMethods>) => answer(null, supported);
};

const methodAt = (path: string) => {
  const [, service = '', method = ''] = path.toLowerCase().split('/');
  return new features.SupportedMethod().setServiceName(service).setMethodName(method);
};
