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
export const createSigningKey = (keyring: Keyring, name: 'signing' | 'service-signing'): (() => Promise<SigningKey>) =>
  once(async () => readKey(await keyring.secret(name, makeKey)));

/** What others need to check the key's signatures. */
export const jwksOf = async ({ publicKey, kid }: SigningKey): Promise<Jwks> => ({
  keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }],
});

const makeKey = () =>
  Promise.resolve(generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }));

const readKey = (der: Buffer): SigningKey => {
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const kid = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64url');
  return { privateKey, publicKey, kid: kid.slice(0, 16) };
};
