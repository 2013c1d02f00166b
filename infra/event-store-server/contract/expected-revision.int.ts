import {
  StreamDeletedError,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import { collect, counted, newStream, refusalOf, waysToAppend } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

type Prepare = (client: EventStoreDBClient, stream: string) => Promise<unknown>;

const three: Prepare = (client, stream) => client.appendToStream(stream, counted(3));
const states = {
  missing: () => Promise.resolve(),
  'of three events': three,
  'of metadata only': (client, stream) => client.setStreamMetadata(stream, { owner: 'x' }),
  'soft-deleted after three events': async (client, stream) => {
    await three(client, stream);
    await client.deleteStream(stream);
  },
  tombstoned: async (client, stream) => {
    await three(client, stream);
    await client.tombstoneStream(stream);
  },
} satisfies Record<string, Prepare>;
type State = keyof typeof states;

describe.each(waysToAppend)('%s', (_name, options) => {
  const append = (stream: string, expectedRevision: AppendExpectedRevision) =>
    server.client.appendToStream(stream, counted(2), { expectedRevision, ...options });

  const streamThatIs = async (state: State) => {
    const stream = newStream();
    await states[state](server.client, stream);
    return stream;
  };

  it.each<[State, AppendExpectedRevision, bigint]>([
    ['missing', 'any', 1n],
    ['missing', 'no_stream', 1n],
    ['of three events', 'any', 4n],
    ['of three events', 'stream_exists', 4n],
    ['of three events', 2n, 4n],
    ['of metadata only', 'any', 1n],
    ['of metadata only', 'no_stream', 1n],
    ['of metadata only', 'stream_exists', 1n],
    ['soft-deleted after three events', 'any', 4n],
    ['soft-deleted after three events', 'no_stream', 4n],
    ['soft-deleted after three events', 2n, 4n],
  ])('to a stream %s is written when it expects %s', async (state, expected, revision) => {
    const stream = await streamThatIs(state);
    expect(await append(stream, expected)).toMatchObject({ success: true, nextExpectedRevision: revision });
    const events = await collect(server.client.readStream(stream));
    expect(events.at(-1)?.event?.revision).toBe(revision);
  });

  it.each<[State, AppendExpectedRevision, bigint | 'no_stream']>([
    ['missing', 'stream_exists', 'no_stream'],
    ['missing', 0n, 'no_stream'],
    ['of three events', 'no_stream', 2n],
    ['of three events', 1n, 2n],
    ['of three events', 3n, 2n],
    ['of metadata only', 0n, 'no_stream'],
    ['soft-deleted after three events', 1n, 2n],
    ['soft-deleted after three events', 3n, 2n],
  ])('to a stream %s is refused when it expects %s', async (state, expectedVersion, actualVersion) => {
    const stream = await streamThatIs(state);
    const refusal = await refusalOf(append(stream, expectedVersion));
    expect(refusal).toBeInstanceOf(WrongExpectedVersionError);
    const type = 'wrong-expected-version';
    expect(refusal).toMatchObject({ type, streamName: stream, expectedVersion, actualVersion });
  });

  it.each<[State, AppendExpectedRevision]>([
    ['soft-deleted after three events', 'stream_exists'],
    ['tombstoned', 'any'],
    ['tombstoned', 'no_stream'],
    ['tombstoned', 'stream_exists'],
    ['tombstoned', 2n],
    ['tombstoned', 7n],
  ])('to a stream %s is told that it is deleted when it expects %s', async (state, expected) => {
    const stream = await streamThatIs(state);
    const refusal = await refusalOf(append(stream, expected));
    expect(refusal).toBeInstanceOf(StreamDeletedError);
    expect(refusal).toMatchObject({ type: 'stream-deleted', streamName: stream });
  });

  it('that is refused writes none of its events', async () => {
    const stream = await streamThatIs('of three events');
    for (const expected of ['no_stream', 1n, 3n] as const) await refusalOf(append(stream, expected));
    expect(await collect(server.client.readStream(stream))).toHaveLength(3);
  });

  it('is let through once when many expect the same revision', async () => {
    const stream = await streamThatIs('of three events');
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => append(stream, 2n)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await collect(server.client.readStream(stream))).toHaveLength(5);
  });
});
