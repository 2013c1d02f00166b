import { setTimeout as delay } from 'node:timers/promises';
import { v5 as nameBasedId } from 'uuid';
import { isDomainError } from '../../domains/shared/errors.js';
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
 * at every start, and by several processes at once. It tries until it succeeds, is refused, or `signal` is aborted.
 */
export const ensureFirstAccount = async (
  parts: FirstAccountParts,
  account: Readonly<{ email: string; password: string }>,
  signal: AbortSignal,
): Promise<void> => {
  const { log, wait = (ms: number) => delay(ms, undefined, { signal }) } = parts;
  for (let pauseMs = 250; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestWaitMs)) {
    try {
      await register(parts, account);
      log.info('the first account is there');
      return;
    } catch (error) {
      if (isDomainError(error) && error.code === 'user.already_registered') return;
      if (isDomainError(error) && error.code === 'user.email_taken') {
        log.warn('ADMIN_EMAIL belongs to another account, which was left as it is');
        return;
      }
      log.debug({ err: error }, 'the first account must wait');
    }
    await wait(pauseMs, signal).catch(ignoreAbort(signal));
  }
};

const register = async (
  { lookups, ...parts }: FirstAccountParts,
  { email, password }: Readonly<{ email: string; password: string }>,
) => {
  const emailHash = await lookups.emailHash(email);
  const userId = nameBasedId(emailHash, namespace);
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
