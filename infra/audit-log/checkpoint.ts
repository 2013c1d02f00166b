import { hash, sign, verify, type KeyObject } from 'node:crypto';
import { hashLength } from './merkle-tree.js';

/** What is signed: the tree over the first `size` events, the last of which lies at `position`, at an ISO instant. */
export type Checkpoint = Readonly<{ size: number; root: Buffer; position: bigint; time: string }>;

/** Names the log and its key; the same for every installation, whose keys differ. */
export const origin = 'evermart/audit';

/**
 * A checkpoint as C2SP has it (tlog-checkpoint in a signed-note): origin, size and root, here with two lines more, then
 * the Ed25519 signature over these lines.
 */
export const signCheckpoint = (
  { size, root, position, time }: Checkpoint,
  { privateKey, publicKey }: Readonly<{ privateKey: KeyObject; publicKey: KeyObject }>,
): string => {
  const text = `${origin}\n${size}\n${root.toString('base64')}\nposition ${position}\ntime ${time}\n`;
  const signature = Buffer.concat([keyIdOf(publicKey), sign(null, Buffer.from(text), privateKey)]);
  return `${text}\n— ${origin} ${signature.toString('base64')}\n`;
};

/** What a note says; `null` where it is no checkpoint of this log, or the key has not signed it. */
export const openCheckpoint = (note: string, publicKey: KeyObject): Checkpoint | null => {
  const found = form.exec(note);
  if (!found) return null;
  const [, text = '', size, root = '', position = '', time = '', signed = ''] = found;
  const signature = Buffer.from(signed, 'base64');
  const isOfKey = signature.subarray(0, keyIdLength).equals(keyIdOf(publicKey));
  if (!isOfKey || !verify(null, Buffer.from(text), publicKey, signature.subarray(keyIdLength))) return null;
  const rootHash = Buffer.from(root, 'base64');
  return rootHash.length === hashLength
    ? { size: Number(size), root: rootHash, position: BigInt(position), time }
    : null;
};

const form = new RegExp(
  `^(${origin}\\n(\\d{1,15})\\n([A-Za-z0-9+/]{43}=)\\nposition (\\d{1,20})\\ntime ([0-9T:.Z-]+)\\n)\\n` +
    `— ${origin} ([A-Za-z0-9+/]+=*)\\n$`,
);

/** SHA-256 over name, line feed, 1 for Ed25519, and the key: its first four bytes (C2SP signed-note). */
const keyIdOf = (publicKey: KeyObject): Buffer =>
  hash(
    'sha256',
    Buffer.concat([Buffer.from(`${origin}\n`), Buffer.of(ed25519), rawKeyOf(publicKey)]),
    'buffer',
  ).subarray(0, keyIdLength);

const keyIdLength = 4;
const ed25519 = 1;

/** The last 32 bytes of its SPKI (RFC 8410). */
const rawKeyOf = (publicKey: KeyObject): Buffer => publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
