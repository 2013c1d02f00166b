import type { AccessTokenParts } from '../../security/access-tokens.js';
import { createKnownSigningKeys } from '../../security/known-signing-keys.js';
import { signingKeyOf } from '../../security/signing-key.js';

/** What access tokens are made of, with one key that never changes and sessions that never end. */
export const signedWith = (signingKey: Buffer): AccessTokenParts => {
  const key = { ...signingKeyOf(signingKey), name: 'signing', signsFrom: new Date(0), signsInMs: -1 };
  return {
    signingKeys: createKnownSigningKeys(() => Promise.resolve([key])),
    revokedSessions: { has: () => false, known: () => Promise.resolve(), onEnd: () => () => undefined },
  };
};
