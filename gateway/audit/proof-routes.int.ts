import { EventStoreDBClient } from '@eventstore/db-client';
import { createPublicKey, hash } from 'node:crypto';
import { join } from 'node:path';
import { openCheckpoint, type Checkpoint } from '../../infra/audit-log/checkpoint.js';
import { openCheckpointTarget } from '../../infra/audit-log/checkpoint-target.js';
import { createCheckpoints } from '../../infra/audit-log/checkpoints.js';
import { provesConsistency, provesInclusion } from '../../infra/audit-log/merkle-proofs.js';
import { leafHash } from '../../infra/audit-log/merkle-tree.js';
import { openSigningKey } from '../../infra/audit-log/signing-key.js';
import {
  startAuditedEngines,
  type AuditedEngines,
  type AuditedStore,
} from '../../infra/audit-log/testing/audited-store.js';
import { inDatabase } from '../../infra/audit-log/testing/database-file.js';
import { logThrough } from '../../infra/audit-log/testing/log-through.js';
import type { GatewayRequest, Route } from '../http/route.js';
import type { CheckpointsAnswer, ConsistencyAnswer, ProofAnswer } from './proof-answers.js';
import { proofRoutes } from './proof-routes.js';
import { verificationRoutes } from './verification-routes.js';
import type { VerificationAnswer } from './verification-answers.js';

let engines: AuditedEngines;
let store: AuditedStore;
let routes: readonly Route[];

beforeAll(async () => {
  engines = await startAuditedEngines();
  store = await engines.openStore();
  routes = [...proofRoutes({ ...engines, ...store }), ...verificationRoutes(engines)];
  const key = openSigningKey(join(store.folder, 'key.pem'));
  await engines.postgres.query('update audit_head set public_key = $1', [key.publicPem]);
  const target = openCheckpointTarget(join(store.folder, 'checkpoints.ndjson'));
  const { make } = createCheckpoints({ ...engines, target, key });
  for (const things of [
    ['a', 'b', 'c'],
    ['d', 'e'],
  ]) {
    await store.append('cart-1', ...things);
    await logThrough(engines, store);
    await make();
  }
});
afterAll(() => engines.end());

type Answered<Body> = Readonly<{ status: number; headers?: Readonly<Record<string, string>>; body: Body }>;
type Asked = Readonly<{ params?: object; query?: object }>;
const ask = async <Body>(id: string, { params = {}, query = {} }: Asked = {}): Promise<Answered<Body>> => {
  const route = routes.find((each) => each.id === id);
  const answer = await route?.handle({ params, query } as GatewayRequest);
  return answer as Answered<Body>;
};
const bytes = (text: string) => Buffer.from(text, 'base64');

describe('what the API answers', () => {
  afterAll(() => store.end());

  it('proves with the public key alone that an event was signed, and that nothing before was changed', async () => {
    const { body: list } = await ask<CheckpointsAnswer>('listCheckpoints');
    const publicKey = createPublicKey(list.publicKey ?? '');
    const opened = (note: string) => openCheckpoint(note, publicKey) as Checkpoint;
    const [last, first] = list.items;
    expect([last?.size, first?.size, list.nextCursor]).toEqual([5, 3, null]);

    const { body: proof } = await ask<ProofAnswer>('getProof', { params: { position: first?.position } });
    expect(JSON.parse(proof.event ?? '')).toMatchObject({ stream: 'cart-1', data: { thing: 'c' } });
    expect(hash('sha256', proof.event ?? '', 'base64')).toBe(proof.digest);
    const { index, size } = proof;
    const inclusion = { index, size, hashes: proof.hashes.map(bytes) };
    expect(provesInclusion(inclusion, leafHash(bytes(proof.digest)), opened(proof.checkpoint).root)).toBe(true);

    const { body: consistency } = await ask<ConsistencyAnswer>('getConsistency', { query: { from: 3, to: 5 } });
    const hashes = consistency.hashes.map(bytes);
    const roots = [opened(first?.checkpoint ?? '').root, opened(last?.checkpoint ?? '').root] as const;
    expect(provesConsistency({ from: 3, to: 5, hashes }, ...roots)).toBe(true);
  });

  it('pages through checkpoints', async () => {
    const { body: page } = await ask<CheckpointsAnswer>('listCheckpoints', { query: { limit: 1 } });
    expect(page).toMatchObject({ items: [{ size: 5 }], nextCursor: '5' });
    const { body: rest } = await ask<CheckpointsAnswer>('listCheckpoints', { query: { limit: 1, cursor: 5 } });
    expect(rest).toMatchObject({ items: [{ size: 3 }], nextCursor: null });
  });

  it.each(['4711', 'x', '9'.repeat(30)])('knows no event at %s', (position) =>
    expect(ask('getProof', { params: { position } })).rejects.toMatchObject({ code: 'audit.not_logged' }),
  );

  it('says of a verification what it knows of it', async () => {
    await expect(ask('getLatestVerification')).rejects.toMatchObject({ code: 'audit.no_verification' });
    const { status, headers, body } = await ask<VerificationAnswer>('requestVerification');
    expect({ status, headers }).toEqual({
      status: 202,
      headers: { Location: `/api/v1/audit/verifications/${body.id}` },
    });
    expect(body).toEqual({ id: body.id, state: 'running', progress: { done: 0, total: 0 } });
    await engines.postgres.query(`
      update audit_verifications set state = 'done', through = 4, done = 5, total = 5, checkpoint = 'note',
        completed_at = '2026-01-31T09:30:00Z', difference = '{"position": "2", "kind": "removed"}'`);
    const firstDifference = { position: '2', kind: 'removed' };
    const found = { id: body.id, intact: false, through: '4', checkpoint: 'note', firstDifference };
    const completedAt = '2026-01-31T09:30:00.000Z';
    expect((await ask('getLatestVerification')).body).toEqual({ ...found, completedAt });
    expect((await ask('getVerification', { params: { id: body.id } })).body).toEqual({
      ...found,
      ...{ state: 'done', progress: { done: 5, total: 5 }, completedAt },
    });
  });
});

describe('what somebody has touched', () => {
  let places: readonly bigint[];
  let make: () => Promise<unknown>;
  beforeEach(async () => {
    store = await engines.openStore();
    routes = proofRoutes({ ...engines, ...store });
    const target = openCheckpointTarget(join(store.folder, 'checkpoints.ndjson'));
    ({ make } = createCheckpoints({ ...engines, target, key: openSigningKey(join(store.folder, 'key.pem')) }));
    places = [
      await store.append('cart-1', 'a'),
      await store.append('cart-1', 'b'),
      await store.append('cart-2', 'c'),
      await store.append('a\0b', 'd'),
      await store.append('a\ufffdb', 'e'),
    ].map(({ commit }) => commit);
    await logThrough(engines, store);
    await make();
  });
  afterEach(() => store.end());

  const placeOf = (number: number) => places[number] as bigint;
  const textAt = async (number: number) => {
    const { body } = await ask<ProofAnswer>('getProof', { params: { position: String(places[number]) } });
    return body.event;
  };

  it('has no text where the event is gone', async () => {
    const client = EventStoreDBClient.connectionString(store.url);
    await client.setStreamMetadata('cart-1', { truncateBefore: 1 });
    await client.dispose();
    expect(await textAt(0)).toBeNull();
    expect(JSON.parse((await textAt(1)) ?? '')).toMatchObject({ data: { thing: 'b' } });
  });

  it('is refused where the store has noticed', async () => {
    await store.tamper(inDatabase((file) => file.change(placeOf(0), { data: '{}' }), 'left'));
    await expect(textAt(0)).rejects.toMatchObject({ code: 'audit.tampered' });
  });

  it('has the text of the event where it lies now', async () => {
    await store.tamper(inDatabase((file) => file.swap(placeOf(1), placeOf(2))));
    expect(JSON.parse((await textAt(1)) ?? '')).toMatchObject({ data: { thing: 'b' }, position: String(places[2]) });
  });

  it('is not mistaken for a stream of a name that PostgreSQL cannot have', async () => {
    expect(await textAt(3)).toBeNull();
    expect(JSON.parse((await textAt(4)) ?? '')).toMatchObject({ data: { thing: 'e' } });
  });

  it('is refused where the log lacks what a proof is made of', async () => {
    await engines.postgres.query('delete from audit_entries where index = 0');
    const refusal = { code: 'audit.tampered' };
    await expect(textAt(1)).rejects.toMatchObject(refusal);
    await expect(ask('getConsistency', { query: { from: 3, to: 5 } })).rejects.toMatchObject(refusal);
  });
});
