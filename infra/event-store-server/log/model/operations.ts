import { deepStrictEqual } from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import type { EventLog } from '../event-log.js';
import type { Direction } from '../reads.js';
import type { RecordedEvent } from '../recorded-event.js';
import { aChange, aStream } from './arbitrary-changes.js';
import { fitted, isPossible, type Change } from './changes.js';
import { compareEvents, compareState, compareWhole, readToEnd } from './comparison.js';
import type { Model } from './model.js';

/** The log under test. */
export type Store = { readonly open: () => EventLog; log: EventLog };

/** Closes the log, which commits what is pending, and opens its file again. */
export const reopenLog = (store: Store): void => {
  store.log.close();
  store.log = store.open();
};

type Operation = fc.AsyncCommand<Model, Store>;

/** Asks for the changes within one turn of the event loop. */
const write = (changes: readonly Change[]): Operation => ({
  check: (model) => changes.every((change) => isPossible(change, model)),
  run: async (model, { log }) => {
    const before = log.head();
    const earlier = model.streams().map((stream) => ({ stream, readable: model.readable(stream) }));
    const movement = watchHead(log, before);
    const asked = changes.map((change) => {
      const call = fitted(change, model);
      return { expected: call(model), answer: log.write(call) };
    });
    const answers = Promise.all(asked.map(({ answer }) => answer));
    await Promise.all([answers, expectNothingNew(log, before, earlier)]);
    deepStrictEqual(
      await answers,
      asked.map(({ expected }) => expected),
    );
    deepStrictEqual(log.head(), model.head());
    deepStrictEqual(await movement.seen(), model.head() > before);
  },
  toString: () => `write(${fc.stringify(changes)})`,
});

/** As long as the head has not moved, readers see what they saw before. */
const expectNothingNew = async (
  log: EventLog,
  head: number,
  earlier: readonly Readonly<{ stream: string; readable: readonly RecordedEvent[] }>[],
) => {
  deepStrictEqual(log.head(), head);
  await nextTurn();
  if (log.head() !== head) return;
  for (const { stream, readable } of earlier)
    if (readable.length > 0) compareEvents(readToEnd(log, { source: stream }), readable);
};

/** Whether those who wait for the head to move are told. */
const watchHead = (log: EventLog, from: number) => {
  const stop = new AbortController();
  let hasMoved = false;
  const passed = log.passed(from, stop.signal).then(
    () => (hasMoved = true),
    (error: unknown) => {
      if (!stop.signal.aborted) throw error;
    },
  );
  const seen = async () => {
    await nextTurn();
    const answer = hasMoved;
    stop.abort();
    await passed;
    return answer;
  };
  return { seen };
};

/** One change fails, the last of its work done: nothing of it may be there, and all of those it shares a commit with. */
const fail = (before: readonly Change[], failing: Change, after: readonly Change[]): Operation => ({
  check: (model) => [...before, failing, ...after].every((change) => isPossible(change, model)),
  run: async (model, { log }) => {
    const failure = new Error('The change fails');
    const write = (change: Change) => {
      const call = fitted(change, model);
      return { expected: call(model), answer: log.write(call) };
    };
    const first = before.map(write);
    const unfinished = fitted(failing, model);
    const failed = log.write((writes) => {
      unfinished(writes);
      throw failure;
    });
    const others = [...first, ...after.map(write)];
    const [outcome] = await Promise.allSettled([failed]);
    deepStrictEqual(outcome, { status: 'rejected', reason: failure });
    deepStrictEqual(
      await Promise.all(others.map(({ answer }) => answer)),
      others.map(({ expected }) => expected),
    );
    deepStrictEqual(log.head(), model.head());
  },
  toString: () => `fail(${fc.stringify([before, failing, after])})`,
});

const readStream = (stream: string, direction: Direction, from: number, limit: number | undefined): Operation => ({
  check: () => true,
  run: (model, { log }) => {
    compareState(stream, model, log);
    compareEvents(readToEnd(log, { source: stream, direction, from }, limit), model.read(stream, direction, from));
    return Promise.resolve();
  },
  toString: () => `readStream(${fc.stringify([stream, direction, from, limit])})`,
});

type Wanted = Readonly<{ on: 'stream' | 'type'; prefixes: readonly string[] }>;

const readAll = (direction: Direction, from: number, limit: number | undefined, wanted: Wanted): Operation => ({
  check: () => true,
  run: (model, { log }) => {
    const place = { direction, from };
    const filter = { ...wanted, regex: /^[^$]/ };
    const isWanted = (name: string) =>
      wanted.prefixes.length === 0 ? !name.startsWith('$') : wanted.prefixes.some((prefix) => name.startsWith(prefix));
    const expected = model.readAll(direction, from);
    compareEvents(readToEnd(log, place, limit), expected);
    compareEvents(
      readToEnd(log, { ...place, filter }),
      expected.filter((event) => isWanted(event[wanted.on])),
    );
    return Promise.resolve();
  },
  toString: () => `readAll(${fc.stringify([direction, from, limit, wanted])})`,
});

const scavenge = (): Operation => ({
  check: () => true,
  run: async (model, { log }) => {
    model.scavenge();
    await log.scavenge(Date.now(), () => undefined);
    compareWhole(model, log);
  },
  toString: () => 'scavenge()',
});

/** Closing commits what was asked for in the same turn, or in the one before. */
const reopen = (pending: readonly Change[], waits: boolean): Operation => ({
  check: (model) => pending.every((change) => isPossible(change, model)),
  run: async (model, store) => {
    const asked = pending.map((change) => {
      const call = fitted(change, model);
      return { expected: call(model), answer: store.log.write(call) };
    });
    const answers = Promise.all(asked.map(({ answer }) => answer));
    if (waits) await nextTurn();
    reopenLog(store);
    deepStrictEqual(
      await answers,
      asked.map(({ expected }) => expected),
    );
    deepStrictEqual(store.log.head(), model.head());
  },
  toString: () => `reopen(${fc.stringify([pending, waits])})`,
});

const someChanges = (least: number, most: number) =>
  fc.array(aChange, { minLength: least, maxLength: most, size: 'max' });
const aDirection = fc.constantFrom<Direction>('forwards', 'backwards');
const aStart = fc.oneof(fc.nat(12), fc.nat(60), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));
const aLimit = fc.option(fc.integer({ min: 1, max: 7 }), { nil: undefined, freq: 2 });
const wanted: fc.Arbitrary<Wanted> = fc.record({
  on: fc.constantFrom('stream', 'type'),
  prefixes: fc.array(fc.constantFrom('s', 'S', '$', '$$', 'gr', 'größe', '$>', 'Counted'), { maxLength: 2 }),
});

/** Test-only. Sequences of operations; fast-check shortens one that fails. */
export const someOperations: fc.Arbitrary<Iterable<Operation>> = fc.commands(
  [
    someChanges(1, 1).map(write),
    someChanges(1, 1).map(write),
    someChanges(1, 4).map(write),
    fc.tuple(someChanges(0, 2), aChange, someChanges(0, 2)).map((changes) => fail(...changes)),
    fc.tuple(aStream, aDirection, aStart, aLimit).map((asked) => readStream(...asked)),
    fc.tuple(aDirection, aStart, aLimit, wanted).map((asked) => readAll(...asked)),
    fc.constant(scavenge()),
    fc.tuple(someChanges(0, 2), fc.boolean()).map((asked) => reopen(...asked)),
  ],
  { maxCommands: 20, size: 'max', disableReplayLog: true },
);
