import type { KnownSigningKeys } from './known-signing-keys.js';
import type { RevokedSessions } from './revoked-sessions.js';

/** What decides for how long a token is good. */
export type TokenTerms = Readonly<{
  sessionId?: string;
  /** The key. */
  signedBy?: string;
  expiresAtMs?: number;
}>;

/**
 * Calls `end` as soon as the token that let a caller in is good no more: it has expired, its session is over, or its key
 * was dropped. Gives what stops that.
 */
export type WhenOver = (terms: TokenTerms, end: () => void) => () => void;

export type TokenOverParts = Readonly<{
  signingKeys: Pick<KnownSigningKeys, 'has' | 'onDrop'>;
  revokedSessions: Pick<RevokedSessions, 'has' | 'onEnd'>;
}>;

export const createWhenOver =
  ({ signingKeys, revokedSessions }: TokenOverParts): WhenOver =>
  ({ expiresAtMs, sessionId, signedBy }, end) => {
    const expiring = expiresAtMs === undefined ? undefined : setTimeout(end, expiresAtMs - Date.now());
    const stops = [
      sessionId === undefined ? undefined : revokedSessions.onEnd(sessionId, end),
      signedBy === undefined ? undefined : signingKeys.onDrop(signedBy, end),
    ];
    // It may have ended since the caller was let in.
    if (sessionId !== undefined && revokedSessions.has(sessionId)) end();
    if (signedBy !== undefined && !signingKeys.has(signedBy)) end();
    return () => {
      clearTimeout(expiring);
      stops.forEach((stop) => stop?.());
    };
  };
