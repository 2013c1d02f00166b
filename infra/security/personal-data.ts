import { DomainError } from '../../domains/shared/errors.js';
import { createMailbox } from '../notifications/mailbox.js';
import type { Credentials } from './credentials.js';
import type { ErasablePersonalKeys } from './personal-keys.js';
import type { RefreshTokens } from './refresh-tokens.js';

/**
 * A place that holds readable personal data: a view with its older versions, the change log, a cache, the development
 * mailbox. `scrub` removes what it holds of a person, and lets it take nothing of them any more; where nothing is held,
 * it is a success.
 */
export type PersonalDataStore = Readonly<{ name: string; scrub: (subject: string) => Promise<void> }>;

export type Erasure = Readonly<{
  /**
   * Erases a person of whom `UserErased` is recorded: destroys the key, so that everything sealed is gone, then removes
   * what lets the person sign in, then what stores hold readable. Once more is a success, and completes what an
   * earlier try left.
   *
   * @throws DomainError `service.unavailable` naming every part that is not done; the others are.
   */
  erase: (subject: string) => Promise<void>;
}>;

/** All places that hold readable personal data, for every process that erases: whoever adds one adds it here. */
export const personalDataStores = ({ dataDir }: Readonly<{ dataDir: string }>): readonly PersonalDataStore[] => [
  { name: 'development mailbox', scrub: createMailbox(dataDir).scrub },
];

/** `stores` are those of `personalDataStores`. */
export const createErasure = ({
  personalKeys,
  credentials,
  refreshTokens,
  stores,
}: Readonly<{
  personalKeys: Pick<ErasablePersonalKeys, 'erase'>;
  credentials: Pick<Credentials, 'drop'>;
  refreshTokens: Pick<RefreshTokens, 'revokeAllOf'>;
  stores: readonly PersonalDataStore[];
}>): Erasure => ({
  erase: async (subject) => {
    // Before the stores: what they read from sealed events after this is empty. A process that has not heard of it yet
    // may still read what was there, so each store takes nothing more of whom it has scrubbed.
    await doAll(subject, [{ name: 'personal keys', scrub: personalKeys.erase }]);
    await doAll(subject, [
      { name: 'credentials', scrub: credentials.drop },
      { name: 'refresh tokens', scrub: refreshTokens.revokeAllOf },
      ...stores,
    ]);
  },
});

const doAll = async (subject: string, stores: readonly PersonalDataStore[]): Promise<void> => {
  const outcomes = await Promise.allSettled(stores.map(async ({ scrub }) => scrub(subject)));
  const failures = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [{ name: stores[index]?.name ?? '', reason: outcome.reason as unknown }] : [],
  );
  if (failures.length === 0) return;
  const names = failures.map(({ name }) => name).join(', ');
  const refusal = new DomainError('service.unavailable', `Not erased yet, it is tried again: ${names}`);
  refusal.cause = new AggregateError(failures.map(({ reason }) => reason));
  throw refusal;
};
