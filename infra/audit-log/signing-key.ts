import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '../config.js';

/** Signs checkpoints. Whoever has it can make a log that is believed; whoever has the public key can check one. */
export type SigningKey = Readonly<{ privateKey: KeyObject; publicKey: KeyObject; publicPem: string }>;

/**
 * The Ed25519 key of a file (PKCS #8, PEM), which is made, readable by its owner only, where there is none. The public
 * key (SPKI, PEM) is kept beside it, in the file of that name with `.pub` after it.
 *
 * @throws ConfigError where the file holds something else.
 */
export const openSigningKey = (path: string): SigningKey => {
  if (!existsSync(path)) makeKey(path);
  const privateKey = read(path);
  const publicKey = createPublicKey(privateKey);
  const publicPem = pemOf(publicKey);
  keepBeside(`${path}.pub`, publicPem);
  return { privateKey, publicKey, publicPem };
};

const pemOf = (publicKey: KeyObject): string => publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** Two auditors that start at once make one key: a link, unlike a rename, is refused where the file is there. */
const makeKey = (path: string) => {
  mkdirSync(dirname(path), { recursive: true });
  const { privateKey } = generateKeyPairSync('ed25519');
  const made = `${path}.${process.pid}`;
  writeFileSync(made, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    linkSync(made, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(made);
  }
};

const read = (path: string): KeyObject => {
  try {
    const key = createPrivateKey(readFileSync(path));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    throw wrongKey(path, error);
  }
  throw wrongKey(path);
};

const wrongKey = (path: string, cause?: unknown) => {
  const error = new ConfigError([
    `AUDIT_KEY_FILE ${path} must hold an Ed25519 key (openssl genpkey -algorithm ed25519 makes one)`,
  ]);
  error.cause = cause;
  return error;
};

/** The key may come from where nothing else can be written: then its owner keeps the public one. */
const keepBeside = (path: string, publicPem: string) => {
  if (existsSync(path) && readFileSync(path, 'utf8') === publicPem) return;
  try {
    writeFileSync(path, publicPem);
    chmodSync(path, 0o644);
  } catch (error) {
    if (!isReadOnly(error)) throw error;
  }
};

const isReadOnly = (error: unknown): boolean =>
  ['EROFS', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
