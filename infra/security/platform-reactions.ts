import type { EventMetadata } from '../event-store/stored-event.js';
import type { Reaction } from '../policies/reaction.js';
import type { ServiceBus } from '../service-bus/service-bus.js';
import type { Credentials } from './credentials.js';
import type { Erasure } from './personal-data.js';
import type { RefreshTokens } from './refresh-tokens.js';
import { settleCredentials } from './settle-credentials.js';

export type PlatformReactionParts = Readonly<{
  bus: ServiceBus;
  erasure: Erasure;
  credentials: Pick<Credentials, 'move' | 'drop' | 'confirm' | 'unconfirmedFor'>;
  refreshTokens: Pick<RefreshTokens, 'revokeAllOf'>;
  graceSeconds: number;
}>;

/** No registration that goes on takes so long, however little time others are left. */
const longestRegistrationSeconds = 3_600;

/**
 * What is kept of people outside the log, brought in step with it where whoever changed the log did not come to it:
 * people sign in with the address they have now, nobody goes on with roles of before, what lets somebody in who never
 * came to be is dropped, and whoever is erased is erased everywhere.
 */
export const platformReactions = ({
  bus,
  erasure,
  credentials,
  refreshTokens,
  graceSeconds,
}: PlatformReactionParts): readonly Reaction[] => {
  const emailHashOf = async (userId: string): Promise<string | null> => {
    const address = (await bus.ask('users', 'addressOf', { userId })) as Readonly<{ name: string }> | null;
    return address?.name ?? null;
  };
  /** Of a try that ended between the credentials and the claim nothing tells in the log. */
  const settleUnconfirmed = async () => {
    const seconds = Math.max(graceSeconds, longestRegistrationSeconds);
    for (const userId of await credentials.unconfirmedFor(seconds))
      await settleCredentials({ bus, credentials }, userId);
  };
  return [
    afterGrace('platform/erase', 'UserErased', erasure.erase),
    afterGrace('platform/move-credentials', 'UserProfileChanged', async (userId) => {
      const emailHash = await emailHashOf(userId);
      if (emailHash !== null) await credentials.move({ userId, emailHash });
    }),
    afterGrace('platform/end-sessions', 'UserRolesChanged', (userId, { at }) =>
      refreshTokens.revokeAllOf(userId, { begunBefore: new Date(at) }),
    ),
    // Whoever registers has the place looked after where earlier ones left something.
    afterGrace('platform/settle-unconfirmed-credentials', 'UserRegistered', settleUnconfirmed),
    // A change of address that was given up leaves the person as they were.
    afterGrace('platform/drop-credentials', 'RegistrationAbandoned', async (userId) => {
      if ((await emailHashOf(userId)) === null) await credentials.drop(userId);
    }),
  ];
};

const afterGrace = (
  name: string,
  type: string,
  work: (userId: string, metadata: EventMetadata) => Promise<void>,
): Reaction => ({
  name,
  category: 'user',
  type,
  after: 'grace',
  react: ({ data, metadata }) => work(String(data['userId']), metadata),
});
