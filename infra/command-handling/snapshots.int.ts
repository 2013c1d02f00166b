import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { startFreezingProxy } from '../postgres/testing/freezing-proxy.js';
import { eventsBetweenSnapshots } from './aggregates.js';
import { facts, startProcessOfTests, type ProcessOfTests } from './testing/process-of-tests.js';
import { add, tally } from './testing/tally.js';

let engines: EnginesForTests;
let postgres: Postgres;
let writer: ProcessOfTests;
const id = randomId();
const streamId = `tally-${id}`;
const early = facts();

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  writer = startProcessOfTests(engines.env.EVENTSTORE_URL, postgres);
  for (let count = 0; count < eventsBetweenSnapshots; count += 1)
    await writer.handler.handle(add(id, 1), count === 150 ? early : facts());
  await snapshotOf(eventsBetweenSnapshots - 1);
});

afterAll(async () => {
  await writer.dispose();
  await postgres.end();
  await engines.stop();
});

/** Resolves once the snapshot of a revision lies in PostgreSQL. */
const snapshotOf = async (revision: number): Promise<void> => {
  for (;;) {
    const found = await writer.snapshots.find(streamId, 1);
    if (found && found.revision >= revision) return;
  }
};

const loadedFresh = async () => {
  const reader = startProcessOfTests(engines.env.EVENTSTORE_URL, postgres);
  const loaded = await reader.aggregates.current(tally, id);
  const reads = reader.reads();
  await reader.dispose();
  return { loaded, reads };
};

/** Resolves once the events are no longer read from the first. */
const isStoodFor = async (): Promise<void> => {
  const found = await writer.snapshots.find(streamId, 1);
  if (found?.revision !== eventsBetweenSnapshots - 1) return isStoodFor();
  expect(await loadedFresh()).toMatchObject({ loaded: { state: whole }, reads: [eventsBetweenSnapshots - 1] });
};

const whole = { total: eventsBetweenSnapshots, notes: [null, null, null, null, null, null] };

describe('a snapshot', () => {
  it('stands for the events before it', async () => {
    const { loaded, reads } = await loadedFresh();
    expect(loaded.state).toEqual(whole);
    expect(reads).toEqual([eventsBetweenSnapshots - 1]);
  });

  it('keeps the latest commands, so that a repeat gets the first answer', async () => {
    const reader = startProcessOfTests(engines.env.EVENTSTORE_URL, postgres);
    expect(await reader.handler.handle(add(id, 1), early)).toMatchObject({ revision: 150, state: { total: 151 } });
    await reader.dispose();
  });

  it.each([
    ['of another version', 'update snapshots set version = 7'],
    ['of another version and later', 'update snapshots set version = 7, revision = 900'],
    ['whose text was changed', `update snapshots set body = replace(body, '"total":200', '"total":900')`],
    ['that is no JSON', `update snapshots set body = '{'`],
    ['that is filed under an earlier revision', 'update snapshots set revision = revision - 1'],
    ['that is filed under a later revision', 'update snapshots set revision = revision + 1'],
  ])('%s is passed over, and replaced', async (_, statement) => {
    await postgres.query(statement);
    const { loaded, reads } = await loadedFresh();
    expect(loaded.state).toEqual(whole);
    expect(reads).toEqual([0]);
    await isStoodFor();
  });

  it('of events that the stream does not have is replaced', async () => {
    const found = await writer.snapshots.find(streamId, 1);
    if (!found) throw new Error('There is no snapshot');
    await writer.snapshots.keep(streamId, 1, { ...found, revision: 900, eventId: randomId() });
    const { loaded } = await loadedFresh();
    expect(loaded.state).toEqual(whole);
    await isStoodFor();
  });

  it('of another stream with the same name is passed over', async () => {
    const found = await writer.snapshots.find(streamId, 1);
    if (!found) throw new Error('There is no snapshot');
    const other = randomId();
    await writer.handler.handle(add(other, 3), facts());
    await writer.snapshots.keep(`tally-${other}`, 1, { ...found, revision: 0, eventId: randomId() });
    const reader = startProcessOfTests(engines.env.EVENTSTORE_URL, postgres);
    expect((await reader.aggregates.current(tally, other)).state).toEqual({ total: 3, notes: [null] });
    await reader.dispose();
  });

  it('is done without while PostgreSQL is away', async () => {
    const away = createPostgres('postgresql://127.0.0.1:1/evermart');
    const reader = startProcessOfTests(engines.env.EVENTSTORE_URL, away);
    expect((await reader.aggregates.current(tally, id)).state).toEqual(whole);
    await reader.dispose();
    await away.end();
  });

  it('is done without while PostgreSQL neither answers nor refuses', async () => {
    const proxy = await startFreezingProxy(engines.env.POSTGRES_URL);
    const frozen = createPostgres(proxy.url);
    const reader = startProcessOfTests(engines.env.EVENTSTORE_URL, frozen);
    expect(await reader.snapshots.find(streamId, 1)).not.toBeNull();
    proxy.freeze();
    expect((await reader.aggregates.current(tally, id)).state).toEqual(whole);
    expect(reader.reads()).toEqual([0]);
    await reader.dispose();
    await frozen.end();
    await proxy.close();
  });
});
