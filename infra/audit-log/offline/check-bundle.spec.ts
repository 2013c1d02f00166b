import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { archiveOf } from '../export/archive.js';
import { bundleMembers, type Member, type ProvenEvent } from '../export/bundle-members.js';
import type { Selection } from '../export/bundle-format.js';
import { signCheckpoint } from '../checkpoint.js';
import { leafText } from '../leaf.js';
import { leafHash } from '../merkle-tree.js';
import { plainInclusion, plainRoot } from '../testing/plain-tree.js';
import { checkBundle } from './check-bundle.js';
import { createReport, type Finding } from './report.js';

const pair = generateKeyPairSync('ed25519');
const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const at = new Date('2026-01-31T09:30:00.000Z');

const textOf = (number: number): string =>
  leafText({
    ...{ id: `id-${number}`, streamId: 'cart-1', revision: number, type: 'Noted', data: { number }, created: at },
    ...{ position: { commit: BigInt(100 + number), prepare: 0n }, metadata: { $correlationId: 'one' } },
  });
const texts = [0, 1, 2, 3, 4].map(textOf);
const leaves = texts.map((text) => leafHash(hash('sha256', text, 'buffer')));
const size = leaves.length;
const note = signCheckpoint({ size, root: plainRoot(leaves), position: 104n, time: at.toISOString() }, pair);

const proven = (number: number): ProvenEvent => ({
  text: texts[number] as string,
  proof: {
    position: String(100 + number),
    index: number,
    hashes: plainInclusion(number, leaves).map((each) => each.toString('base64')),
  },
});

async function* inTurn<Item>(items: readonly Item[]) {
  yield* await Promise.resolve(items);
}

type Content = Readonly<{ selection?: Selection; parts?: readonly (readonly ProvenEvent[])[] }>;

const membersOf = async ({ selection = { stream: 'cart-1' }, parts = wholeParts }: Content = {}) => {
  const members: Member[] = [];
  const content = {
    ...{ selection, exportedBy: 'ada', exportedAt: at, checkpoint: { note, size }, publicKeyPem },
    ...{ parts: inTurn(parts), sign: (bytes: Buffer) => sign(null, bytes, pair.privateKey) },
  };
  for await (const member of bundleMembers(content)) members.push(member);
  return members;
};
const wholeParts = [[0, 1, 2].map(proven), [3, 4].map(proven)];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evermart-check-'));
});
afterAll(() => rm(folder, { recursive: true }));

const archived = async (members: readonly Member[]) => {
  const file = join(folder, 'bundle.tar.gz');
  await pipeline(archiveOf(inTurn(members), at), createWriteStream(file));
  return file;
};

/** What is found to be wrong, by what it is and what it says. */
const wrongIn = async (file: string, key = pair.publicKey) => {
  const findings: Finding[] = [];
  const report = createReport((finding) => findings.push(finding));
  await checkBundle(file, key, report);
  const wrong = findings.filter(({ isGood }) => !isGood).map(({ what, detail }) => `${what}: ${detail}`);
  expect(report.isGood()).toBe(wrong.length === 0);
  return wrong;
};

const wrongWith = async (change: (members: readonly Member[]) => readonly Member[], content?: Content) =>
  wrongIn(await archived(change(await membersOf(content))));

const replacing = (name: string, change: (text: string) => string) => (members: readonly Member[]) =>
  members.map((member) =>
    member.name === name ? { name, content: Buffer.from(change(member.content.toString())) } : member,
  );
const without = (name: string) => (members: readonly Member[]) => members.filter((member) => member.name !== name);

const notAsListed = 'it is not what the manifest says';

describe('a bundle', () => {
  it('is good as it was made', async () => expect(await wrongWith((members) => members)).toEqual([]));

  it.each<[string, (members: readonly Member[]) => readonly Member[], readonly string[]]>([
    [
      'a character of an event',
      replacing('events-0001.ndjson', (text) => text.replace('"number":1', '"number":7')),
      [
        `events-0001.ndjson: ${notAsListed}`,
        'events-0001.ndjson: line 2: the event at position 101 (cart-1, revision 1), or its proof, is not what the log has',
      ],
    ],
    [
      'a proof',
      replacing('proofs-0002.ndjson', (text) => text.replace(/"hashes":\["./, '"hashes":["_')),
      [
        `proofs-0002.ndjson: ${notAsListed}`,
        'events-0002.ndjson: line 1: the event at position 103 (cart-1, revision 3), or its proof, is not what the log has',
      ],
    ],
    [
      'the proofs of two events',
      replacing('proofs-0001.ndjson', (text) => text.split('\n').slice(0, 3).reverse().join('\n') + '\n'),
      [
        `proofs-0001.ndjson: ${notAsListed}`,
        'events-0001.ndjson: line 1: the event at position 100 (cart-1, revision 0) has the proof of another',
      ],
    ],
    [
      'the checkpoint',
      replacing('checkpoint.txt', (text) => text.replace('\n5\n', '\n6\n')),
      ['checkpoint.txt: it is not signed with the key', `checkpoint.txt: ${notAsListed}`],
    ],
    [
      'the manifest',
      replacing('manifest.json', (text) => text.replace('"ada"', '"bob"')),
      ['manifest.json: it, or its signature, is not what was signed with the key'],
    ],
    [
      'the signature',
      replacing('manifest.sig', (text) => text.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))),
      ['manifest.json: it, or its signature, is not what was signed with the key'],
    ],
    [
      'the key',
      replacing('public-key.pem', () =>
        generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      ),
      ['public-key.pem: it is another key than the one that was given', `public-key.pem: ${notAsListed}`],
    ],
    ['the words', replacing('README.txt', (text) => `${text} Trust it.`), [`README.txt: ${notAsListed}`]],
    [
      'an event more',
      replacing('events-0002.ndjson', (text) => `${text}${textOf(5)}\n`),
      [
        `events-0002.ndjson: ${notAsListed}`,
        'events-0002.ndjson: line 3: the event at position 105 (cart-1, revision 5) has no proof',
      ],
    ],
    [
      'an event less',
      replacing('events-0002.ndjson', (text) => text.slice(0, text.indexOf('\n') + 1)),
      [`events-0002.ndjson: ${notAsListed}`, 'events-0002.ndjson: there are proofs of events that are not there'],
    ],
    [
      'a file more',
      (members) => [...members, { name: 'events-0003.ndjson', content: Buffer.from('{}\n') }],
      ['events-0003.ndjson: the manifest does not know it'],
    ],
    ['a file twice', (members) => [...members, members[3] as Member], ['events-0001.ndjson: it is there twice']],
  ])('that was changed is not: %s', async (_, change, expected) => expect(await wrongWith(change)).toEqual(expected));

  it.each([
    ...['README.txt', 'checkpoint.txt', 'public-key.pem', 'events-0001.ndjson', 'proofs-0002.ndjson'],
    ...['manifest.json', 'manifest.sig'],
  ])('lacks nothing unnoticed: %s', async (name) =>
    expect(await wrongWith(without(name))).toContain(`${name}: it is missing`),
  );

  it('is not good under another key', async () => {
    const file = await archived(await membersOf());
    const another = generateKeyPairSync('ed25519').publicKey;
    expect(await wrongIn(file, another)).toEqual([
      'public-key.pem: it is another key than the one that was given',
      'checkpoint.txt: it is not signed with the key',
      'manifest.json: it, or its signature, is not what was signed with the key',
    ]);
  });

  it.each([40, 400, 3_000])('that was cut off is noticed: %d bytes from its end', async (bytes) => {
    const file = await archived(await membersOf());
    const { length } = await readFile(file);
    await truncate(file, Math.max(0, length - bytes));
    expect((await wrongIn(file)).at(-1)).toMatch(/^archive: it cannot be read to its end: /);
  });

  it('is none where it is something else', async () => {
    const file = join(folder, 'other');
    await writeFile(file, 'something else');
    expect(await wrongIn(file)).toEqual([expect.stringMatching(/^archive: /)]);
  });

  it.each<[string, Content, string]>([
    [
      'another stream',
      { selection: { stream: 'cart-2' } },
      'line 1: the event at position 100 (cart-1, revision 0) is none that was asked for',
    ],
    [
      'a gap',
      { parts: [[0, 1, 3].map(proven)] },
      'line 3: the event at position 103 (cart-1, revision 3) does not follow on the one before it',
    ],
    [
      'another order',
      { parts: [[0, 2, 1].map(proven)], selection: { correlationId: 'one' } },
      'line 3: the event at position 101 (cart-1, revision 1) is not after the one before it',
    ],
    [
      'another request',
      { selection: { correlationId: 'two' } },
      'line 1: the event at position 100 (cart-1, revision 0) is none that was asked for',
    ],
    [
      'another time',
      { selection: { from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z' } },
      'line 1: the event at position 100 (cart-1, revision 0) is none that was asked for',
    ],
  ])('holds what was selected: not %s', async (_, content, sentence) =>
    expect(await wrongWith((members) => members, content)).toEqual([`events-0001.ndjson: ${sentence}`]),
  );
});
