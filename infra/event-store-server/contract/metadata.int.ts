import { binaryEvent, WrongExpectedVersionError } from '@eventstore/db-client';
import { collect, counted, newStream, numbersOf, refusalOf, waysToAppend } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

const metadataOf = async (stream: string) => (await server.client.getStreamMetadata(stream)).metadata;

describe.each(waysToAppend)('set over %s', (_name, options) => {
  it('is kept as it was given', async () => {
    const stream = newStream();
    const metadata = {
      maxCount: 10,
      maxAge: 3_600,
      truncateBefore: 1,
      cacheControl: 60,
      acl: { readRoles: ['$all'], writeRoles: ['$admins', 'ops'], deleteRoles: [], metaReadRoles: ['$all'] },
      owner: 'größe',
      nested: { list: [1, 'two', null] },
    };
    await server.client.setStreamMetadata(stream, metadata, options);
    expect(await metadataOf(stream)).toEqual(metadata);
  });

  it('has revisions of its own', async () => {
    const stream = newStream();
    await server.client.appendToStream(stream, counted(5));
    const set = (version: number, expectedRevision: 'no_stream' | bigint) =>
      server.client.setStreamMetadata(stream, { version }, { expectedRevision, ...options });
    expect((await set(1, 'no_stream')).nextExpectedRevision).toBe(0n);
    expect((await set(2, 0n)).nextExpectedRevision).toBe(1n);
    for (const expectedVersion of ['no_stream', 0n, 4n] as const) {
      const refusal = await refusalOf(set(3, expectedVersion));
      expect(refusal).toBeInstanceOf(WrongExpectedVersionError);
      expect(refusal).toMatchObject({ streamName: `$$${stream}`, expectedVersion, actualVersion: 1n });
    }
    expect(await metadataOf(stream)).toEqual({ version: 2 });
  });
});

it('is replaced as a whole', async () => {
  const stream = newStream();
  await server.client.setStreamMetadata(stream, { owner: 'x', maxCount: 5 });
  await server.client.setStreamMetadata(stream, { team: 'y' });
  expect(await metadataOf(stream)).toEqual({ team: 'y' });
});

it('is absent where none was set', async () => {
  const stream = newStream();
  expect(await server.client.getStreamMetadata(stream)).toEqual({ streamName: stream });
  await server.client.appendToStream(stream, counted(1));
  expect(await server.client.getStreamMetadata(stream)).toEqual({ streamName: stream });
});

it('makes no stream', async () => {
  const stream = newStream();
  await server.client.setStreamMetadata(stream, { owner: 'x' });
  await expect(collect(server.client.readStream(stream))).rejects.toMatchObject({ type: 'stream-not-found' });
});

it('lies in a stream of its own, which shows its last event only', async () => {
  const stream = newStream();
  await server.client.setStreamMetadata(stream, { version: 1 });
  await server.client.setStreamMetadata(stream, { version: 2, maxCount: 3 });
  const events = await collect(server.client.readStream(`$$${stream}`));
  expect(events.map(({ event }) => [event?.type, event?.revision, event?.data])).toEqual([
    ['$metadata', 1n, { version: 2, $maxCount: 3 }],
  ]);
});

it('that is not JSON changes nothing', async () => {
  const stream = newStream();
  await server.client.appendToStream(stream, counted(3));
  await server.client.appendToStream(`$$${stream}`, binaryEvent({ type: '$metadata', data: Buffer.from('{"$tb":') }));
  expect(numbersOf(await collect(server.client.readStream(stream)))).toEqual([0, 1, 2]);
  expect(await server.client.getStreamMetadata(stream)).toEqual({ streamName: stream });
});
