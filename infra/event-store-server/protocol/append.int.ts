import { binaryEvent, jsonEvent, type EventData } from '@eventstore/db-client';
import { collect, counted, newStream, waysToAppend } from '../testing/events.js';
import { startStore, type TestStore } from '../testing/store.js';

let store: TestStore;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.end());

describe.each(waysToAppend)('%s', (_name, options) => {
  const append = (stream: string, events: EventData[]) => store.client.appendToStream(stream, events, options);

  it('takes an append of 1 MiB and no more', async () => {
    const stream = newStream();
    const ofSize = (size: number) => [binaryEvent({ type: 'Ten_______', data: Buffer.alloc(size - 20) })];
    await append(stream, ofSize(1024 * 1024));
    const refusal = { type: 'maximum-append-size-exceeded', maxAppendSize: 1024 * 1024 };
    await expect(append(stream, ofSize(1024 * 1024 + 1))).rejects.toMatchObject(refusal);
    await expect(append(stream, ofSize(9 * 1024 * 1024))).rejects.toMatchObject(refusal);
    const [event] = await collect(store.client.readStream(stream));
    expect((event?.event?.data as Uint8Array).length).toBe(1024 * 1024 - 20);
  });

  it('refuses an id that is none, and serves the appends beside it', async () => {
    const wrong = append(newStream(), [jsonEvent({ id: 'no id', type: 'Counted', data: {} })]);
    const right = append(newStream(), counted(1));
    await expect(wrong).rejects.toThrow();
    await expect(right).resolves.toMatchObject({ success: true });
    await expect(append('', counted(1))).rejects.toThrow();
  });

  it('answers each of many equal appends at once', async () => {
    const stream = newStream();
    const events = counted(3);
    const [first, ...others] = await Promise.all(Array.from({ length: 10 }, () => append(stream, events)));
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 2n });
    for (const other of others) expect(other).toEqual(first);
  });

  it('dates events by the clock', async () => {
    const stream = newStream();
    const before = Date.now();
    await append(stream, counted(1));
    const [event] = await collect(store.client.readStream(stream));
    expect(Number(event?.event?.created)).toBeGreaterThanOrEqual(before);
    expect(Number(event?.event?.created)).toBeLessThanOrEqual(Date.now());
  });
});
