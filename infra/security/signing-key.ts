import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, type JWK } from 'jose';
import { once } from '../process/once.js';
import type { Keyring } from './keyring.js';

/** An Ed25519 key (RFC 8032) that signs tokens, and the name that tokens give it. */
export type SigningKey = Readonly<{ privateKey: KeyObject; publicKey: KeyObject; kid: string }>;

/** Public keys, as RFC 7517 lists them. */
export type Jwks = Readonly<{ keys: readonly JWK[] }>;

/**
 * A function that gives the keyring's key of that name, made by whichever process comes first.
 *
 * It throws DomainError `service.unavailable` while PostgreSQL is away and the key was not read before.
 */
export const createSigningKey = (keyring: Keyring, name: 'service-signing'): (() => Promise<SigningKey>) =>
  once(async () => signingKeyOf(await keyring.secret(name, () => Promise.resolve(newSigningKey()))));

/** What others need to check the signatures of the keys. */
export const jwksOf = async (keys: readonly Pick<SigningKey, 'publicKey' | 'kid'>[]): Promise<Jwks> => ({
  keys: await Promise.all(
    keys.map(async ({ publicKey, kid }) => ({ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' })),
  ),
});

/** A new key, in PKCS #8. */
export const newSigningKey = (): Buffer =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });

/** A key from its PKCS #8. */
export const signingKeyOf = (der: Buffer): SigningKey => {
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const kid = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64url');
  return { privateKey, publicKey, kid: kid.slice(0, 16) };
};
