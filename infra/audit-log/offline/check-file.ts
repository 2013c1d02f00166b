import type { KeyObject } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { checkConsistency, checkProof, isConsistencyAnswer, isProofAnswer } from './check-answers.js';
import { checkBundle } from './check-bundle.js';
import { parsedJson } from './parsed-json.js';
import { publicKeyOf } from './public-key.js';
import { createReport, type Finding } from './report.js';

/** What to check, by which key; `checkpoints` are files with the notes that a consistency proof lies between. */
export type CheckRequest = Readonly<{ file: string; keyFile: string; checkpoints: readonly string[] }>;

/**
 * Checks a bundle, a proof or a consistency proof with the files alone, and says whether all is as it was signed.
 *
 * @throws Error with a sentence where a file cannot be read, or is none of these.
 */
export const checkFile = async (request: CheckRequest, tell: (finding: Finding) => void): Promise<boolean> => {
  const key = await keyIn(request.keyFile);
  const report = createReport(tell);
  if (await isGzip(request.file)) await checkBundle(request.file, key, report);
  else {
    const answer = parsedJson((await contentOf(request.file)).toString());
    if (typeof answer !== 'object' || answer === null) throw noneOfThese(request.file);
    if (isProofAnswer(answer)) checkProof(answer, key, report);
    else if (isConsistencyAnswer(answer)) {
      const notes = await Promise.all(request.checkpoints.map(async (path) => (await contentOf(path)).toString()));
      checkConsistency(answer, { key, notes }, report);
    } else throw noneOfThese(request.file);
  }
  return report.isGood();
};

const keyIn = async (path: string): Promise<KeyObject> => {
  const key = publicKeyOf(await contentOf(path));
  if (!key) throw new Error(`${path} holds no Ed25519 public key in PEM`);
  return key;
};

/** Bundles begin as RFC 1952 says. */
const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path).catch(unreadable(path));
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.equals(Buffer.of(0x1f, 0x8b));
  } finally {
    await file.close();
  }
};

const contentOf = (path: string): Promise<Buffer> => readFile(path).catch(unreadable(path));

const unreadable = (path: string) => (error: Error) => {
  throw new Error(`${path} cannot be read: ${error.message}`);
};

const noneOfThese = (path: string) =>
  new Error(`${path} is no bundle, and no answer of GET /audit/proofs/… or GET /audit/consistency`);
