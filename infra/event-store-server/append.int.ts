import { randomUUID } from 'node:crypto';
import { binaryEvent, jsonEvent, type AppendExpectedRevision, type EventData } from '@eventstore/db-client';
import { collect, counted, numbersOf, startStore, type TestStore } from './testing/store.js';

let store: TestStore;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.end());

// The client sends an append with credentials over `Append`, any other over `BatchAppend`.
describe.each([
  ['Append', { credentials: { username: 'u', password: 'p' } }],
  ['BatchAppend', {}],
])('%s', (_name, options) => {
  const append = (stream: string, events: EventData[], expectedRevision: AppendExpectedRevision = 'any') =>
    store.client.appendToStream(stream, events, { expectedRevision, ...options });
  const newStream = () => `counter-${randomUUID()}`;

  it('answers with the revision and the position of the last event', async () => {
    const stream = newStream();
    const first = await append(stream, counted(2), 'no_stream');
    const second = await append(stream, counted(1), 1n);
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n });
    expect(second.nextExpectedRevision).toBe(2n);
    const events = await collect(store.client.readStream(stream));
    expect(events.map(({ event }) => event?.position)).toEqual([expect.anything(), first.position, second.position]);
    expect(events.map(({ commitPosition }) => commitPosition)).toEqual(
      events.map(({ event }) => event?.position?.commit),
    );
  });

  it('refuses a wrong expected revision and writes nothing', async () => {
    const stream = newStream();
    await append(stream, counted(2));
    await expect(append(stream, counted(1), 'no_stream')).rejects.toMatchObject({
      type: 'wrong-expected-version',
      streamName: stream,
      expectedVersion: 'no_stream',
      actualVersion: 1n,
    });
    await expect(append(stream, counted(1), 7n)).rejects.toMatchObject({ expectedVersion: 7n, actualVersion: 1n });
    await expect(append(newStream(), counted(1), 'stream_exists')).rejects.toMatchObject({
      expectedVersion: 'stream_exists',
      actualVersion: 'no_stream',
    });
    expect(await collect(store.client.readStream(stream))).toHaveLength(2);
  });

  it.each<AppendExpectedRevision>(['any', 'no_stream'])(
    'answers a repeat, expecting %s, as the first time',
    async (expected) => {
      const stream = newStream();
      const events = counted(3);
      const first = await append(stream, events, expected);
      await append(stream, counted(1, 3));
      expect(await append(stream, events, expected)).toEqual(first);
      expect(numbersOf(await collect(store.client.readStream(stream)))).toEqual([0, 1, 2, 3]);
    },
  );

  it('keeps ids apart by stream', async () => {
    const events = counted(1);
    await append(newStream(), events);
    expect((await append(newStream(), events)).success).toBe(true);
  });

  it('keeps what an event holds', async () => {
    const stream = `grüße-日本-${randomUUID()}`;
    const id = randomUUID();
    const before = Date.now();
    await append(stream, [
      jsonEvent({ id, type: 'Größe', data: { text: '日本' }, metadata: { $correlationId: 'ü' } }),
      binaryEvent({ type: 'Binary', data: Buffer.from([0, 255, 1]), metadata: Buffer.from([2, 0]) }),
    ]);
    const [json, binary] = await collect(store.client.readStream(stream));
    expect(json?.event).toMatchObject({
      id,
      streamId: stream,
      type: 'Größe',
      isJson: true,
      data: { text: '日本' },
      metadata: { $correlationId: 'ü' },
    });
    expect(Number(json?.event?.created)).toBeGreaterThanOrEqual(before);
    expect(Number(json?.event?.created)).toBeLessThanOrEqual(Date.now());
    expect(binary?.event).toMatchObject({ isJson: false, revision: 1n });
    expect([...(binary?.event?.data as Uint8Array)]).toEqual([0, 255, 1]);
    expect([...(binary?.event?.metadata as Uint8Array)]).toEqual([2, 0]);
  });

  it('takes an append of 1 MiB and no more', async () => {
    const stream = newStream();
    const ofSize = (size: number) => [binaryEvent({ type: 'Ten_______', data: Buffer.alloc(size - 20) })];
    await append(stream, ofSize(1024 * 1024));
    await expect(append(stream, ofSize(1024 * 1024 + 1))).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: 1024 * 1024,
    });
    await expect(append(stream, ofSize(9 * 1024 * 1024))).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
    });
    const [event] = await collect(store.client.readStream(stream));
    expect((event?.event?.data as Uint8Array).length).toBe(1024 * 1024 - 20);
  });

  it('accepts an append of nothing', async () => {
    const stream = newStream();
    expect(await append(stream, [])).toMatchObject({ success: true });
    await append(stream, counted(1), 'no_stream');
  });

  it('refuses an id that is none, and serves the appends beside it', async () => {
    const stream = newStream();
    const wrong = append(newStream(), [jsonEvent({ id: 'no id', type: 'Counted', data: {} })]);
    const right = append(stream, counted(1));
    await expect(wrong).rejects.toThrow();
    await expect(right).resolves.toMatchObject({ success: true });
    await expect(append('', counted(1))).rejects.toThrow();
  });

  it('lets one of many that expect the same revision through', async () => {
    const stream = newStream();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => append(stream, counted(1), 'no_stream')),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await collect(store.client.readStream(stream))).toHaveLength(1);
  });
});
