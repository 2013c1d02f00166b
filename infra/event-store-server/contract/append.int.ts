import { randomUUID } from 'node:crypto';
import {
  binaryEvent,
  jsonEvent,
  MaxAppendSizeExceededError,
  type EventData,
  type Position,
} from '@eventstore/db-client';
import {
  collect,
  counted,
  isAfter,
  newStream,
  positionOf,
  readAllOf,
  refusalOf,
  streamOf,
  waysToAppend,
} from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

describe.each(waysToAppend)('%s', (_name, options) => {
  const append = (stream: string, events: EventData[]) => server.client.appendToStream(stream, events, options);

  it('answers with the revision and the position of the last event', async () => {
    const stream = newStream();
    const first = await append(stream, counted(2));
    const second = await append(stream, counted(1));
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n });
    expect(second).toMatchObject({ success: true, nextExpectedRevision: 2n });
    expect(isAfter(second.position as Position, first.position as Position)).toBe(true);
    const events = await readAllOf(server.client, [stream], { fromPosition: first.position as Position });
    expect(events.map(({ event }) => event?.revision)).toEqual([1n, 2n]);
    expect(events.map(positionOf)).toEqual([first.position, second.position]);
    expect(events.map(({ commitPosition }) => commitPosition)).toEqual(events.map((event) => positionOf(event).commit));
  });

  it('keeps what an event holds', async () => {
    const stream = newStream();
    const id = randomUUID();
    const data = { text: '日本 "\\\n', list: [1, -2.5, null, true, {}], nested: { empty: '' } };
    await append(stream, [
      jsonEvent({ id, type: 'Größe', data, metadata: { $correlationId: 'ü' } }),
      jsonEvent({ type: 'Plain', data: 'text' }),
    ]);
    const [first, second] = await collect(server.client.readStream(stream));
    expect(first?.event).toMatchObject({ id, streamId: stream, type: 'Größe', revision: 0n, isJson: true });
    expect(first?.event?.data).toEqual(data);
    expect(first?.event?.metadata).toEqual({ $correlationId: 'ü' });
    expect(second?.event).toMatchObject({ type: 'Plain', data: 'text', revision: 1n });
    expect(second?.event?.metadata).toBeUndefined();
    expect(Number(first?.event?.created)).toBeGreaterThan(0);
    expect(Number(second?.event?.created)).toBeGreaterThanOrEqual(Number(first?.event?.created));
  });

  it('keeps bytes', async () => {
    const stream = newStream();
    const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await append(stream, [
      binaryEvent({ type: 'Bytes', data: everyByte, metadata: Buffer.from([2, 0, 255]) }),
      binaryEvent({ type: 'Nothing', data: new Uint8Array(0) }),
      jsonEvent({ type: 'Both', data: {}, metadata: Buffer.from([0, 1]) }),
    ]);
    const [bytes, nothing, both] = await collect(server.client.readStream(stream));
    expect(bytes?.event?.isJson).toBe(false);
    expect([...(bytes?.event?.data as Uint8Array)]).toEqual([...everyByte]);
    expect([...(bytes?.event?.metadata as Uint8Array)]).toEqual([2, 0, 255]);
    expect(nothing?.event?.data).toHaveLength(0);
    expect(both?.event?.isJson).toBe(true);
    expect([...(both?.event?.metadata as Uint8Array)]).toEqual([0, 1]);
  });

  it('accepts an append of nothing, which makes no stream', async () => {
    const stream = newStream();
    expect(await append(stream, [])).toMatchObject({ success: true });
    await expect(collect(server.client.readStream(stream))).rejects.toMatchObject({ type: 'stream-not-found' });
    const result = await server.client.appendToStream(stream, counted(1), { expectedRevision: 'no_stream' });
    expect(result.nextExpectedRevision).toBe(0n);
  });

  it('takes a million bytes', async () => {
    const stream = newStream();
    const data = Buffer.alloc(1_000_000, 'x');
    await append(stream, [binaryEvent({ type: 'Big', data })]);
    const [event] = await collect(server.client.readStream(stream));
    expect(data.equals(event?.event?.data as Uint8Array)).toBe(true);
  });

  it.each([
    ['an event of 1.2 million bytes', [1_200_000]],
    ['events of 1.2 million bytes together', [400_000, 400_000, 400_000]],
  ])('refuses %s and writes nothing', async (_what, sizes) => {
    const stream = newStream();
    const events = sizes.map((size) => binaryEvent({ type: 'Big', data: Buffer.alloc(size) }));
    const refusal = await refusalOf(append(stream, events));
    expect(refusal).toBeInstanceOf(MaxAppendSizeExceededError);
    expect(refusal).toMatchObject({ maxAppendSize: 1024 * 1024 });
    await expect(collect(server.client.readStream(stream))).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('counts the metadata against the size of an append', async () => {
    const metadata = Buffer.alloc(600_000, 'x');
    const events = [binaryEvent({ type: 'Big', data: Buffer.alloc(600_000), metadata })];
    expect(await refusalOf(append(newStream(), events))).toBeInstanceOf(MaxAppendSizeExceededError);
  });

  it('keeps the events of one append together among those of others', async () => {
    const streams = Array.from({ length: 10 }, () => newStream());
    const before = await append(newStream(), counted(1));
    await Promise.all([...streams, ...streams].map((stream) => append(stream, counted(20))));
    const events = await readAllOf(server.client, streams, { fromPosition: before.position as Position });
    expect(events).toHaveLength(400);
    const appends = Array.from({ length: 20 }, (_, index) => events.slice(index * 20, index * 20 + 20));
    for (const together of appends) expect(new Set(together.map(streamOf)).size).toBe(1);
  });
});
