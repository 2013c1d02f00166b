import { createPublicKey, type KeyObject } from 'node:crypto';

/** An Ed25519 public key in PEM; `null` where it is none. */
export const publicKeyOf = (pem: Buffer): KeyObject | null => {
  // A private key, of which Node would make a public one, is not for whoever checks.
  if (!pem.includes('BEGIN PUBLIC KEY')) return null;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
};

export const sameKey = (one: KeyObject, other: KeyObject): boolean => {
  const [a, b] = [one, other].map((key) => key.export({ type: 'spki', format: 'der' })) as [Buffer, Buffer];
  return a.equals(b);
};
