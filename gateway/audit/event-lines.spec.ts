import type { EventMetadata, StoredEvent } from '../../infra/event-store/stored-event.js';
import { eventLines } from './event-lines.js';

const event = (number: number): StoredEvent => ({
  ...{ id: `e${number}`, streamId: 'order-1', category: 'order', revision: number, type: 'OrderPaid' },
  position: { commit: BigInt(number), prepare: BigInt(number) },
  data: { text: 'x'.repeat(10_000) },
  metadata: {} as EventMetadata,
  created: new Date(0),
});

/** A log of a hundred batches that counts those that were taken, and whether it was left. */
const countedLog = () => {
  const log = { taken: 0, isLeft: false };
  const batches = (async function* () {
    try {
      for (let number = 0; number < 100; number += 1) {
        log.taken += 1;
        yield await Promise.resolve([event(2 * number), event(2 * number + 1)]);
      }
    } finally {
      log.isLeft = true;
    }
  })();
  return { log, batches };
};

/** A client that takes what `takes` resolves for. */
const start = (takes: (text: string | Uint8Array) => Promise<void>, isWanted = (_event: StoredEvent) => true) => {
  const { log, batches } = countedLog();
  const closing = new AbortController();
  let end: () => void = () => undefined;
  let isDropped = false as boolean;
  const answer = eventLines({
    batches,
    isWanted,
    whenOver: (given) => {
      end = given;
      return () => (end = () => undefined);
    },
  });
  const sink = { write: takes, waiting: () => 0, drop: () => void (isDropped = true) };
  const over = answer.stream(sink, closing.signal);
  return { log, over, close: () => closing.abort(), endToken: () => end(), isDropped: () => isDropped };
};

it('sends the lines together, all that are wanted, in their order', async () => {
  const sent: string[] = [];
  const { over, isDropped } = start(
    (text) => Promise.resolve(void sent.push(String(text))),
    ({ revision }) => revision % 3 === 0,
  );
  await over;
  expect(sent.length).toBeLessThan(20);
  const lines = sent.join('').trimEnd().split('\n');
  const numbers = lines.map((line) => (JSON.parse(line) as { revision: number }).revision);
  expect(numbers).toEqual(Array.from({ length: 67 }, (_, index) => 3 * index));
  expect(isDropped()).toBe(false);
});

/** A client that takes nothing: tells when it was first sent something. */
const stuck = () => {
  let tell: () => void = () => undefined;
  const wasSent = new Promise<void>((resolve) => (tell = resolve));
  let give: () => void = () => undefined;
  const takes = () => {
    tell();
    return new Promise<void>((resolve) => (give = resolve));
  };
  return { takes, wasSent, give: () => give() };
};

it('takes no more from the log while the client takes nothing', async () => {
  const client = stuck();
  const { log } = start(client.takes);
  await client.wasSent;
  const { taken } = log;
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  expect(log.taken).toBe(taken);
  expect(taken).toBeLessThan(5);
});

it.each([
  ['the server closes or the client leaves', 'close'],
  ['the token of the caller is good no more', 'endToken'],
] as const)('is broken off and leaves the log where %s', async (_, how) => {
  const client = stuck();
  const started = start(client.takes);
  await client.wasSent;
  started[how]();
  expect(started.isDropped()).toBe(true);
  // What a sink does once its connection is gone.
  client.give();
  await started.over;
  expect(started.log.isLeft).toBe(true);
  expect(started.log.taken).toBeLessThan(5);
});
