import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../logging/log.js';
import { listenTo, type Listening } from '../postgres/listen.js';
import type { Postgres } from '../postgres/postgres.js';
import type { KnownSigningKeys } from './known-signing-keys.js';
import type { RevokedSessions } from './revoked-sessions.js';
import { identityChannel, signingKeysChanged } from './signing-keys.js';

export type IdentityNoticesParts = Readonly<{
  postgres: Postgres;
  signingKeys: Pick<KnownSigningKeys, 'reread'>;
  revokedSessions: Pick<RevokedSessions, 'add' | 'reread'>;
  log: Log;
}>;

/**
 * Makes this process know as soon as any process ends a session, or a signing key comes or goes. While PostgreSQL is
 * away, tokens are looked at by what is known.
 */
export const followIdentity = ({ postgres, signingKeys, revokedSessions, log }: IdentityNoticesParts): Listening => {
  const stopping = new AbortController();

  const untilRead = async (reread: () => Promise<void>) => {
    while (!stopping.signal.aborted) {
      try {
        await reread();
        return;
      } catch (error) {
        log.warn({ err: error }, 'what became of sessions and signing keys is read again soon');
        await wait(1_000, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };

  const { listening, stop } = listenTo(postgres, identityChannel, {
    // What was told before nobody heard.
    onListening: () => {
      void untilRead(signingKeys.reread);
      void untilRead(revokedSessions.reread);
    },
    onNotification: (told) => {
      if (told === signingKeysChanged) void untilRead(signingKeys.reread);
      else revokedSessions.add(told);
    },
  });
  return {
    listening,
    stop: async () => {
      stopping.abort();
      await stop();
    },
  };
};
