import { hash } from 'node:crypto';
import {
  bundleFormat,
  eventsName,
  memberNames,
  proofsName,
  type ListedMember,
  type Manifest,
  type ProofLine,
  type Selection,
} from './bundle-format.js';

/** A file of a bundle. */
export type Member = Readonly<{ name: string; content: Buffer }>;

/** An event's text, from which its leaf is computed, and the proof of it. */
export type ProvenEvent = Readonly<{ text: string; proof: ProofLine }>;

export type BundleContent = Readonly<{
  selection: Selection;
  exportedBy: string;
  exportedAt: Date;
  checkpoint: Readonly<{ note: string; size: number }>;
  publicKeyPem: string;
  /** In the order of their positions; each part becomes two files. */
  parts: AsyncIterable<readonly ProvenEvent[]>;
  /** Ed25519. */
  sign: (content: Buffer) => Buffer;
}>;

/** The files of a bundle, in their order: no more of them is held than one part of the events. */
export async function* bundleMembers(content: BundleContent): AsyncGenerator<Member, void> {
  const { selection, exportedBy, exportedAt, checkpoint, publicKeyPem, sign } = content;
  const members: ListedMember[] = [];
  const listed = (name: string, text: string): Member => {
    const bytes = Buffer.from(text);
    members.push({ name, bytes: bytes.length, sha256: hash('sha256', bytes, 'hex') });
    return { name, content: bytes };
  };
  let [count, number] = [0, 0];
  let [first, last]: (string | null)[] = [null, null];

  yield listed(memberNames.readme, readme);
  yield listed(memberNames.checkpoint, checkpoint.note);
  yield listed(memberNames.publicKey, publicKeyPem);
  for await (const part of content.parts) {
    number += 1;
    count += part.length;
    first ??= part[0]?.proof.position ?? null;
    last = part.at(-1)?.proof.position ?? last;
    yield listed(eventsName(number), linesOf(part.map(({ text }) => text)));
    yield listed(proofsName(number), linesOf(part.map(({ proof }) => JSON.stringify(proof))));
  }
  const manifest: Manifest = {
    ...{ format: bundleFormat, selection, exportedBy, exportedAt: exportedAt.toISOString() },
    ...{ events: count, first: first ?? null, last: last ?? null, logSize: checkpoint.size, members },
  };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  yield { name: memberNames.manifest, content: bytes };
  yield { name: memberNames.signature, content: Buffer.from(`${sign(bytes).toString('base64')}\n`) };
}

const readme = `Events of Evermart with proofs that they are in its audit log, signed with the key of public-key.pem.
Check it with the public key that you were given by another way: npx evermart-audit-check FILE.tar.gz --key KEY.pem
`;

const linesOf = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
