import type { Postgres } from '../postgres/postgres.js';
import { createAccessTokens, type AccessTokens } from './access-tokens.js';
import { createCredentials, type Credentials } from './credentials.js';
import { createKeyring, type Keyring } from './keyring.js';
import { createSigningKeys, type KnownSigningKeys } from './known-signing-keys.js';
import { createLookups, type Lookups } from './lookups.js';
import { createRefreshTokens, type RefreshTokens } from './refresh-tokens.js';
import { createRevokedSessions, type RevokedSessions } from './revoked-sessions.js';

/** How a process knows people: by their passwords, and by the tokens that it gave them. */
export type Identity = Readonly<{
  keyring: Keyring;
  lookups: Lookups;
  credentials: Credentials;
  refreshTokens: RefreshTokens;
  accessTokens: AccessTokens;
  signingKeys: KnownSigningKeys;
  revokedSessions: RevokedSessions;
}>;

/** Nothing is asked of PostgreSQL before it is used; `masterKey` is 64 hexadecimal digits. */
export const createIdentity = (parts: Readonly<{ postgres: Postgres; masterKey: string }>): Identity => {
  const { postgres } = parts;
  const keyring = createKeyring(parts);
  const signingKeys = createSigningKeys(parts);
  const revokedSessions = createRevokedSessions(postgres);
  return {
    keyring,
    lookups: createLookups(keyring),
    credentials: createCredentials(postgres),
    refreshTokens: createRefreshTokens(postgres, revokedSessions),
    accessTokens: createAccessTokens({ signingKeys, revokedSessions }),
    signingKeys,
    revokedSessions,
  };
};
