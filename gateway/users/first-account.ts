import { setTimeout as delay } from 'node:timers/promises';
import { nameBasedId } from '../../infra/ids/name-based-id.js';
import { isDomainError } from '../../domains/shared/errors.js';
import type { UserStatus } from '../../domains/users/commands.js';
import type { Log } from '../../infra/logging/log.js';
import type { Lookups } from '../../infra/security/lookups.js';
import { newTraceparent } from '../../infra/telemetry/tracing.js';
import { registerUser, type RegistrationParts } from './registration.js';

export type FirstAccountParts = RegistrationParts &
  Readonly<{
    lookups: Pick<Lookups, 'emailHash'>;
    log: Log;
    /** Rejects once `signal` is aborted. */
    wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  }>;

const longestWaitMs = 1_000;
const actor = '(first-account)';

/** The namespace of the ids of first accounts (RFC 9562, 5.5). */
const namespace = 'b0a1c7de-6a3b-4d64-8f6e-0c5b7d1f2a93';

/**
 * Sees to it that an account with the roles admin and staff exists. Its ids follow from the address, so it can be done
 * at every start, and by several processes at once; where a registration was given up, the next ids take its place. It
 * tries until it succeeds, is refused, or `signal` is aborted.
 *
 * An account that was erased is not made again by a restart: nobody comes back who asked to be forgotten, nor does a
 * password that was taken out of use. Whoever wants another first account sets another ADMIN_EMAIL.
 */
export const ensureFirstAccount = async (
  parts: FirstAccountParts,
  account: Readonly<{ email: string; password: string }>,
  signal: AbortSignal,
): Promise<void> => {
  const { log, wait = (ms: number) => delay(ms, undefined, { signal }) } = parts;
  for (let pauseMs = 250; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestWaitMs)) {
    try {
      const { status, ...ids } = await firstIds(parts, account.email);
      if (status === 'erased')
        log.warn('the account of ADMIN_EMAIL was erased; set another one to have a first account');
      if (status !== 'none') return;
      await register(parts, ids, account);
      log.info('the first account is there');
      return;
    } catch (error) {
      if (isDomainError(error) && error.code === 'user.already_registered') return;
      // The next ones are free; the wait is for whoever is away.
      if (isDomainError(error) && error.code === 'user.registration_abandoned') continue;
      if (isDomainError(error) && error.code === 'user.email_taken') {
        log.warn('ADMIN_EMAIL belongs to another account, which was left as it is');
        return;
      }
      log.debug({ err: error }, 'the first account must wait');
    }
    await wait(pauseMs, signal).catch(ignoreAbort(signal));
  }
};

type Ids = Readonly<{ emailHash: string; userId: string }>;

/** The first ids of the address whose registration was not given up, and where that stands. */
const firstIds = async (
  { bus, lookups }: FirstAccountParts,
  email: string,
): Promise<Ids & Readonly<{ status: UserStatus }>> => {
  const emailHash = await lookups.emailHash(email);
  for (let turn = 0; ; turn += 1) {
    const userId = nameBasedId(turn === 0 ? emailHash : `${emailHash} ${turn}`, namespace);
    const status = (await bus.ask('users', 'statusOf', { userId })) as UserStatus;
    if (status !== 'abandoned') return { emailHash, userId, status };
  }
};

const register = async (
  parts: FirstAccountParts,
  { emailHash, userId }: Ids,
  { email, password }: Readonly<{ email: string; password: string }>,
) => {
  const commandId = nameBasedId('register', userId);
  const facts = {
    at: new Date().toISOString(),
    commandId,
    correlationId: commandId,
    actor,
    traceparent: newTraceparent(),
  };
  const roles = ['admin', 'staff'] as const;
  await registerUser(parts, {
    user: { userId, email, emailHash, name: 'Administrator', phone: null, roles },
    password,
    message: (type, data) => ({ type, data, ...facts }),
  });
};

const ignoreAbort = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
};
