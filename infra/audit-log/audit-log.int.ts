import { join } from 'node:path';
import { allStored } from '../event-store/testing/all-stored.js';
import { appendEntries } from './append-entries.js';
import { createAuditIndex } from './audit-index.js';
import { openCheckpoint, type Checkpoint } from './checkpoint.js';
import { openCheckpointTarget } from './checkpoint-target.js';
import { createCheckpoints } from './checkpoints.js';
import { followLog } from './follow-log.js';
import { leafDigest, leafText } from './leaf.js';
import { readHead } from './log-head.js';
import { provesConsistency, provesInclusion } from './merkle-proofs.js';
import { emptyTree, grow, leafHash, rootOf } from './merkle-tree.js';
import { createProofs } from './proofs.js';
import { openSigningKey } from './signing-key.js';
import { newEvent, startAuditedEngines, type AuditedEngines, type AuditedStore } from './testing/audited-store.js';
import { logThrough } from './testing/log-through.js';

let engines: AuditedEngines;
let store: AuditedStore;

beforeAll(async () => {
  engines = await startAuditedEngines();
});
beforeEach(async () => {
  store = await engines.openStore();
});
afterEach(() => store.end());
afterAll(() => engines.end());

const things = (count: number) =>
  Array.from({ length: count }, (_, number) => ({ number, 'ö"': ['\ud83d\ude00', null] }));

describe('the log', () => {
  it('has the digest of every event in its order, and the tree over them', async () => {
    await store.append('cart-1', ...things(300));
    await logThrough(engines, store);
    await store.append('cart-2', ...things(4));
    await store.append('cart-1', ...things(2));
    const { tree } = await logThrough(engines, store);

    const events = await allStored(store.eventStore);
    expect(events).toHaveLength(306);
    const digests = events.map(leafDigest);
    expect(rootOf(tree)).toEqual(rootOf(grow(emptyTree, digests.map(leafHash))));
    const { rows } = await engines.postgres.query<{ digest: Buffer; position: bigint; stream: string }>(
      'select digest, position, stream from audit_entries order by index',
    );
    expect(rows.map(({ digest }) => digest)).toEqual(digests);
    expect(rows.map(({ position }) => position)).toEqual(events.map(({ position }) => position.commit));
    expect(leafText(events[305] as (typeof events)[number])).toContain('"revision":301,"stream":"cart-1"');
  });

  it('leaves out what EventStoreDB writes for itself', async () => {
    await store.append('$of-the-store', 1);
    const place = await store.append('cart-1', 1);
    const head = await logThrough(engines, store);
    expect(head).toMatchObject({ tree: { size: 1 }, place });
  });

  it('takes streams that PostgreSQL cannot name', async () => {
    await store.append(`odd-\0`, 1);
    await store.append(`odd-${'ö'.repeat(3_000)}`, 1);
    expect((await logThrough(engines, store)).tree.size).toBe(2);
    const found = await createAuditIndex(engines.postgres).streams('odd-', { after: null, limit: 10 });
    expect(found).toEqual([{ streamId: 'odd-\ufffd', lastRevision: 0 }]);
  });

  it('is written by one only', async () => {
    await store.append('cart-1', ...things(3));
    const head = await readHead(engines.postgres);
    const events = await allStored(store.eventStore);
    const append = () => appendEntries(engines.postgres, head, events);
    await append();
    await expect(append()).rejects.toMatchObject({ code: 'service.unavailable' });
    expect((await readHead(engines.postgres)).tree.size).toBe(3);
  });

  it('ends when it is told to', async () => {
    const stopping = new AbortController();
    const following = followLog({ ...store, ...engines }, stopping.signal);
    stopping.abort();
    await expect(following).resolves.toBeUndefined();
  });
});

describe('the index', () => {
  it('finds the events of a correlation, and says how far it looked', async () => {
    const events = ['a', 'b', 'c', 'd'].map((thing) => newEvent(thing, thing === 'b' ? 'another' : 'one of ours'));
    const { position } = await store.eventStore.append('cart-1', events, 'no_stream');
    await logThrough(engines, store);
    const index = createAuditIndex(engines.postgres);
    const { found, through } = await index.ofCorrelation('one of ours', 2);
    expect(found.map(({ streamId, revision }) => [streamId, revision])).toEqual([
      ['cart-1', 0],
      ['cart-1', 2],
    ]);
    expect(through).toEqual(position);
    expect((await index.ofCorrelation('nobody', 2)).found).toEqual([]);
  });

  it('knows a place that nothing of a time lies before', async () => {
    const index = createAuditIndex(engines.postgres);
    expect(await index.before(new Date())).toBeNull();
    await store.append('cart-1', ...things(9));
    await logThrough(engines, store);
    const events = await allStored(store.eventStore);
    const minute = (number: number) => new Date(Date.UTC(2026, 0, 1, 0, number));
    // The clock of whoever appended the fourth was behind.
    const latest = [0, 1, 2, 2, 4, 5, 6, 7, 8].map(minute);
    await engines.postgres.query('update audit_entries set latest = ($1::timestamptz[])[index + 1]', [latest]);
    const before = async (instant: Date) => {
      const place = await index.before(instant);
      return events.findIndex(({ position }) => position.commit === place?.commit);
    };
    expect(await before(minute(-1))).toBe(-1);
    expect(await before(minute(0))).toBe(-1);
    expect(await before(minute(2))).toBe(1);
    expect(await before(minute(3))).toBe(3);
    expect(await before(minute(8))).toBe(7);
    expect(await before(minute(9))).toBe(8);
  });

  it('lists streams by the beginning of their names, page by page', async () => {
    for (const streamId of ['cart-2', 'cart-10', 'car-1', 'cart_', 'dart-1', 'cart-1']) await store.append(streamId, 1);
    await store.append('cart-2', 2, 3);
    await logThrough(engines, store);
    const { streams } = createAuditIndex(engines.postgres);
    const first = await streams('cart-', { after: null, limit: 2 });
    expect(first.map(({ streamId }) => streamId)).toEqual(['cart-1', 'cart-10']);
    expect(await streams('cart-', { after: 'cart-10', limit: 2 })).toEqual([{ streamId: 'cart-2', lastRevision: 2 }]);
    expect(await streams('', { after: null, limit: 100 })).toHaveLength(6);
  });
});

describe('proofs', () => {
  const key = () => openSigningKey(join(store.folder, 'key.pem'));
  const target = () => openCheckpointTarget(join(store.folder, 'checkpoints.ndjson'));
  const opened = (note: string) => openCheckpoint(note, key().publicKey) as Checkpoint;
  /** Sizes at which nodes of both kinds are needed: more than two levels of those that are kept would take long. */
  const [older, newer] = [300, 700];
  beforeEach(async () => {
    const { make } = createCheckpoints({ ...engines, target: target(), key: key() });
    await store.append('cart-1', ...things(older));
    await logThrough(engines, store);
    await make();
    await store.append('cart-2', ...things(newer - older));
    await logThrough(engines, store);
    await make();
  });

  it('hold for every kind of place in the log, and tell the event', async () => {
    const proofs = createProofs({ ...engines, ...store });
    const events = await allStored(store.eventStore);
    for (const index of [0, 255, 256, 299, 511, 512, 640, 699]) {
      const event = events[index] as (typeof events)[number];
      const proof = await proofs.ofEvent(event.position.commit);
      expect(proof).toMatchObject({ index, size: newer, stream: event.streamId, text: leafText(event) });
      expect(provesInclusion(proof, leafHash(leafDigest(event)), opened(proof.checkpoint).root)).toBe(true);
    }
    await expect(proofs.ofEvent(BigInt(events.length + 5))).rejects.toMatchObject({ code: 'audit.not_logged' });
  });

  it('lead from each checkpoint to the next', async () => {
    const proofs = createProofs({ ...engines, ...store });
    const [last, first] = await proofs.checkpoints(5);
    expect([first?.size, last?.size]).toEqual([older, newer]);
    expect(await proofs.checkpoints(5, newer)).toEqual([first]);
    const consistency = await proofs.ofConsistency(older, newer);
    const roots = [opened(first?.note ?? '').root, opened(last?.note ?? '').root] as const;
    expect(provesConsistency(consistency, ...roots)).toBe(true);
    await expect(proofs.ofConsistency(0, newer + 1)).rejects.toMatchObject({ code: 'audit.not_logged' });
  });
});
