import type { Server, ServiceDefinition, UntypedHandleCall } from '@grpc/grpc-js';
import { unimplemented } from './errors.js';
import {
  MonitoringService,
  OperationsService,
  PersistentSubscriptionsService,
  ProjectionsService,
  UsersService,
} from './services.js';

/** What to use instead of each service of EventStoreDB that this server does not have. */
const notOffered: readonly (readonly [ServiceDefinition, string])[] = [
  [
    PersistentSubscriptionsService,
    'The embedded event store has no persistent subscriptions: use catch-up subscriptions',
  ],
  [
    ProjectionsService,
    'The embedded event store has no server-side projections: use catch-up subscriptions that keep a read model',
  ],
  [
    OperationsService,
    'The embedded event store is not operated over gRPC: use its command line, such as evermart-eventstore scavenge',
  ],
  [
    UsersService,
    'The embedded event store does not manage users over gRPC: use its command line, evermart-eventstore users',
  ],
  [
    MonitoringService,
    'The embedded event store does not send its figures over gRPC: ask GET /stats or GET /metrics on the same port',
  ],
];

type Answer = ((error: unknown) => void) | undefined;
type Call = Readonly<{ emit: (event: 'error', error: unknown) => void }>;

/** Refuses every call of those services, with UNIMPLEMENTED and the sentence that says what to use instead. */
export const refuseNotOffered = (grpc: Server): void => {
  for (const [service, sentence] of notOffered) {
    const refuse = (call: Call, answer: Answer) =>
      answer ? answer(unimplemented(sentence)) : call.emit('error', unimplemented(sentence));
    const names = Object.keys(service);
    grpc.addService(service, Object.fromEntries(names.map((name) => [name, refuse as UntypedHandleCall])));
  }
};
