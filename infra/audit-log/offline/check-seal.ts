import { hash, verify, type KeyObject } from 'node:crypto';
import { bundleFormat, memberNames, type ListedMember, type Manifest } from '../export/bundle-format.js';
import { openCheckpoint, type Checkpoint } from '../checkpoint.js';
import type { ArchiveFile } from './archive-files.js';
import { parsedJson } from './parsed-json.js';
import { publicKeyOf, sameKey } from './public-key.js';
import type { Report } from './report.js';

/** What the rest of a bundle is held against. */
export type Seal = Readonly<{ manifest: Manifest; checkpoint: Checkpoint }>;

/** Holds the files of a bundle against what was signed; `null` where nothing is left to hold its events against. */
export const checkSeal = async (
  files: AsyncIterable<ArchiveFile>,
  key: KeyObject,
  report: Report,
): Promise<Seal | null> => {
  const found = new Map<string, Omit<ListedMember, 'name'>>();
  const kept = new Map<string, Buffer>();
  for await (const { name, content } of files) {
    if (found.has(name)) report.bad(name, 'it is there twice');
    found.set(name, { bytes: content.length, sha256: hash('sha256', content, 'hex') });
    if (keptNames.has(name)) kept.set(name, content);
  }
  checkKey(kept.get(memberNames.publicKey), key, report);
  const checkpoint = checkpointIn(kept.get(memberNames.checkpoint), key, report);
  const manifest = manifestIn(kept, key, report);
  if (manifest) checkMembers(manifest, found, report);
  return manifest && checkpoint && { manifest, checkpoint };
};

const { readme: _, ...needed } = memberNames;
const keptNames: ReadonlySet<string> = new Set(Object.values(needed));

const missing = 'it is missing';

const checkKey = (pem: Buffer | undefined, key: KeyObject, { good, bad }: Report) => {
  const name = memberNames.publicKey;
  if (!pem) {
    bad(name, missing);
    return;
  }
  const own = publicKeyOf(pem);
  if (own && sameKey(own, key)) good(name, 'it is the key that was given');
  else bad(name, 'it is another key than the one that was given');
};

const checkpointIn = (note: Buffer | undefined, key: KeyObject, { good, bad }: Report): Checkpoint | null => {
  const name = memberNames.checkpoint;
  const checkpoint = note ? openCheckpoint(note.toString(), key) : null;
  if (checkpoint) good(name, `it is signed with the key: a log of ${checkpoint.size} events`);
  else bad(name, note ? 'it is not signed with the key' : missing);
  return checkpoint;
};

const manifestIn = (kept: ReadonlyMap<string, Buffer>, key: KeyObject, { good, bad }: Report): Manifest | null => {
  const [bytes, signature] = [kept.get(memberNames.manifest), kept.get(memberNames.signature)];
  if (!signature) bad(memberNames.signature, missing);
  if (!bytes) {
    bad(memberNames.manifest, missing);
    return null;
  }
  const isSigned = signature && verify(null, bytes, key, Buffer.from(signature.toString(), 'base64'));
  if (isSigned) good(memberNames.manifest, 'it is signed with the key');
  else if (signature) bad(memberNames.manifest, 'it, or its signature, is not what was signed with the key');
  const manifest = parsedJson(bytes.toString()) as Manifest | null;
  if (manifest?.format === bundleFormat && Array.isArray(manifest.members)) return manifest;
  bad(memberNames.manifest, `it is none of the form ${bundleFormat}`);
  return null;
};

const checkMembers = (
  { members }: Manifest,
  found: ReadonlyMap<string, Omit<ListedMember, 'name'>>,
  { good, bad }: Report,
) => {
  const listed = new Set<string>([memberNames.manifest, memberNames.signature]);
  for (const { name, bytes, sha256 } of members) {
    listed.add(name);
    const file = found.get(name);
    if (!file) bad(name, missing);
    else if (file.sha256 === sha256 && file.bytes === bytes) good(name, 'it is as the manifest says');
    else bad(name, 'it is not what the manifest says');
  }
  for (const name of found.keys()) if (!listed.has(name)) bad(name, 'the manifest does not know it');
};
