import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

/** A key of 32 bytes for one purpose, from the master key (64 hexadecimal digits), by HKDF-SHA256 (RFC 5869). */
export const deriveKey = (masterKey: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(masterKey, 'hex'), '', `evermart/${purpose}`, 32));

/** AES-256-GCM under a fresh random nonce (NIST SP 800-38D): nonce, ciphertext, tag. `context` must be given again. */
export const wrap = (key: Buffer, plain: Buffer, context = ''): Buffer => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

/** What `wrap` hid; `null` when the key or the context is another, or a byte was changed. */
export const unwrap = (key: Buffer, wrapped: Buffer, context = ''): Buffer | null => {
  if (wrapped.length < nonceBytes + tagBytes) return null;
  const tag = wrapped.subarray(wrapped.length - tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, nonceBytes))
    .setAAD(Buffer.from(context))
    .setAuthTag(tag);
  const plain = decipher.update(wrapped.subarray(nonceBytes, wrapped.length - tagBytes));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    // `final` throws when the tag does not fit: that is the answer, not a fault.
    return null;
  }
};
