import { execFile, spawn } from 'node:child_process';
import { generateKeyPairSync, hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtEntry } from '../../engines/installation.js';
import { signCheckpoint } from '../checkpoint.js';
import { leafText } from '../leaf.js';
import { leafHash } from '../merkle-tree.js';
import { plainConsistency, plainInclusion, plainRoot } from '../testing/plain-tree.js';
import { checkFile } from './check-file.js';
import type { Finding } from './report.js';

const pair = generateKeyPairSync('ed25519');
const texts = [0, 1, 2, 3, 4].map((number) =>
  leafText({
    ...{ id: `id-${number}`, streamId: 'cart-1', revision: number, type: 'Noted', data: { number } },
    ...{ position: { commit: BigInt(100 + number), prepare: 0n }, metadata: {}, created: new Date(0) },
  }),
);
const digests = texts.map((text) => hash('sha256', text, 'buffer'));
const leaves = digests.map(leafHash);
const noteOf = (size: number) =>
  signCheckpoint(
    { size, root: plainRoot(leaves.slice(0, size)), position: BigInt(99 + size), time: '2026-01-31T09:30:00.000Z' },
    pair,
  );
const inBase64 = (hashes: readonly Buffer[]) => hashes.map((each) => each.toString('base64'));

const proof = {
  ...{ position: '102', stream: 'cart-1', revision: 2, event: texts[2], digest: digests[2]?.toString('base64') },
  ...{ index: 2, size: 5, hashes: inBase64(plainInclusion(2, leaves)), checkpoint: noteOf(5) },
};
const consistency = { from: 3, to: 5, hashes: inBase64(plainConsistency(3, leaves)) };

let folder: string;
let keyFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evermart-check-'));
  keyFile = await written('key.pem', pair.publicKey.export({ type: 'spki', format: 'pem' }).toString());
});
afterAll(() => rm(folder, { recursive: true }));

const written = async (name: string, content: unknown) => {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const checked = async (content: unknown, checkpoints: readonly string[] = []) => {
  const file = await written('given.json', content);
  const notes = await Promise.all(checkpoints.map((note, number) => written(`note-${number}.txt`, note)));
  const findings: Finding[] = [];
  const isGood = await checkFile({ file, keyFile, checkpoints: notes }, (finding) => findings.push(finding));
  return { isGood, last: findings.at(-1)?.detail };
};

describe('the proof of an event', () => {
  it('is good as it was answered', async () =>
    expect(await checked(proof)).toEqual({ isGood: true, last: 'it is in the log, as event 3 of 5' }));

  it.each([
    [{ event: texts[1] }, 'it does not have the digest of the proof'],
    [{ event: texts[1], digest: digests[1]?.toString('base64') }, 'the event, or its proof, is not what the log has'],
    [{ event: null }, 'it is not there, so nobody can say what was logged'],
    [{ index: 1 }, 'the event, or its proof, is not what the log has'],
    [{ hashes: proof.hashes.toReversed() }, 'the event, or its proof, is not what the log has'],
    [{ hashes: undefined }, 'the event, or its proof, is not what the log has'],
    [{ position: '103' }, 'it lies at position 102, and not at 103'],
    [{ checkpoint: noteOf(5).replace('\n5\n', '\n6\n') }, 'it is not signed with the key'],
    [{ checkpoint: noteOf(4) }, 'the event, or its proof, is not what the log has'],
  ])('is not good with %j', async (change, last) =>
    expect(await checked({ ...proof, ...change })).toEqual({ isGood: false, last }),
  );
});

describe('a proof that the log has only grown', () => {
  const notes = [noteOf(3), noteOf(5)];

  it('is good as it was answered', async () =>
    expect(await checked(consistency, notes)).toEqual({
      isGood: true,
      last: 'its first 3 events are the same in both',
    }));

  it.each<[object, readonly string[], RegExp]>([
    [{ hashes: consistency.hashes.toReversed() }, notes, /^the newer one does not begin with the older one/],
    [{ from: 2 }, [noteOf(2), noteOf(5)], /^the newer one does not begin with the older one/],
    [{}, [noteOf(5)], /^those of the sizes 3 and 5 are needed/],
    [{}, [noteOf(3), noteOf(5).replace('\n5\n', '\n6\n')], /^one of them is not signed/],
  ])('is not good with %j', async (change, given, sentence) =>
    expect(await checked({ ...consistency, ...change }, given)).toEqual({
      isGood: false,
      last: expect.stringMatching(sentence) as string,
    }),
  );
});

it.each([['neither'], [{}], ['[1']])('is none of these: %j', async (content) =>
  expect(checked(content)).rejects.toThrow('is no bundle, and no answer of GET /audit/proofs'),
);

it('takes no private key', async () => {
  const file = await written('proof.json', proof);
  const own = await written('own.pem', pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const checking = checkFile({ file, keyFile: own, checkpoints: [] }, () => undefined);
  await expect(checking).rejects.toThrow('holds no Ed25519 public key in PEM');
});

describe('evermart-audit-check', () => {
  const run = (...args: readonly string[]): Promise<Readonly<{ code: number; output: string }>> =>
    new Promise((resolve) => {
      execFile(process.execPath, [builtEntry('infra/audit-log/offline/main.js'), ...args], (error, output) =>
        resolve({ code: error ? Number(error.code) : 0, output }),
      );
    });

  it('leaves with 2 where nobody can read that it is good, and with 1 where it is wrong all the same', async () => {
    const runUnread = async (name: string, content: object) => {
      const args = [builtEntry('infra/audit-log/offline/main.js'), await written(name, content), '--key', keyFile];
      const child = spawn(process.execPath, args);
      child.stdout.destroy();
      return once(child, 'close');
    };
    expect(await runUnread('good.json', proof)).toEqual([2, null]);
    expect(await runUnread('wrong.json', { ...proof, index: 1 })).toEqual([1, null]);
  });

  it('says line by line what was checked, and exits with 0, 1 or 2', async () => {
    const [good, wrong] = [await written('good.json', proof), await written('wrong.json', { ...proof, index: 1 })];
    const { code, output } = await run(good, '--key', keyFile);
    expect(code).toBe(0);
    expect(output).toContain('good   event: it is in the log, as event 3 of 5\nAll is as it was signed.\n');
    expect(await run(wrong, '--key', keyFile)).toMatchObject({
      code: 1,
      output: expect.stringContaining('WRONG') as string,
    });
    const asJson = await run(wrong, '--key', keyFile, '--json');
    expect(JSON.parse(asJson.output)).toMatchObject({ isGood: false, findings: [{ isGood: true }, { what: 'proof' }] });
    expect(await run('/nowhere', '--key', keyFile)).toMatchObject({ code: 2 });
    expect(await run(good)).toMatchObject({ code: 2 });
  });
});
