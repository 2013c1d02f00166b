import type { UntypedHandleCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { unimplemented } from './errors.js';
import { PersistentSubscriptionsService } from './services.js';

const sentence = 'The embedded event store has no persistent subscriptions: use catch-up subscriptions';

type Callback = ((error: unknown) => void) | undefined;
type Call = Readonly<{ emit: (event: 'error', error: unknown) => void }>;

/** Refuses every call of the service with a sentence that says what to use instead. */
export const refusePersistentSubscriptions = (): UntypedServiceImplementation => {
  const refuse = (call: Call, answer: Callback) =>
    answer ? answer(unimplemented(sentence)) : call.emit('error', unimplemented(sentence));
  const names = Object.keys(PersistentSubscriptionsService);
  return Object.fromEntries(names.map((name) => [name, refuse as unknown as UntypedHandleCall]));
};
