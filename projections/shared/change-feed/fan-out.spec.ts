import fc from 'fast-check';
import type { Change } from './change-log.js';
import { createFanOut, type Subscriber } from './fan-out.js';

type Told = Readonly<Record<string, never>>;
const change = (position: number, key = 'a'): Change<Told> => ({ position: BigInt(position), key, change: {} });
const positions = (changes: readonly Change<Told>[]) => changes.map(({ position }) => Number(position));

const listener = (after: number, key?: string) => {
  const told: Change<Told>[] = [];
  const deliver = (changes: readonly Change<Told>[]) => Promise.resolve(void told.push(...changes));
  return { told, subscriber: { after: BigInt(after), key, deliver } satisfies Subscriber<Told> };
};

describe('a fan-out', () => {
  it('lets nobody join while nobody reads', () => {
    expect(createFanOut<Told>().join(listener(0).subscriber)).toBe(false);
  });

  it('lets nobody join who would miss something', () => {
    const fanOut = createFanOut<Told>();
    fanOut.begin(5n);
    expect(fanOut.join(listener(4).subscriber)).toBe(false);
    expect(fanOut.join(listener(5).subscriber)).toBe(true);
  });

  it('repeats nothing to who is further than the reader', () => {
    const fanOut = createFanOut<Told>();
    const { told, subscriber } = listener(7);
    fanOut.begin(5n);
    fanOut.join(subscriber);
    fanOut.publish([change(6), change(7), change(8, 'a'), change(8, 'b')], 9n);
    expect(positions(told)).toEqual([8, 8]);
    expect(fanOut.through()).toBe(9n);
  });

  it('tells who asks for a key of that key', () => {
    const fanOut = createFanOut<Told>();
    const { told, subscriber } = listener(0, 'b');
    fanOut.begin(0n);
    fanOut.join(subscriber);
    fanOut.publish([change(1, 'a'), change(1, 'b'), change(2, 'c'), change(3, 'b')], 3n);
    expect(positions(told)).toEqual([1, 3]);
  });

  it('is no longer read once the last has left', () => {
    const fanOut = createFanOut<Told>();
    const [first, second] = [listener(0).subscriber, listener(0, 'b').subscriber];
    fanOut.begin(0n);
    fanOut.join(first);
    fanOut.join(second);
    expect(fanOut.leave(first)).toBe(false);
    expect(fanOut.through()).toBe(0n);
    expect(fanOut.leave(second)).toBe(true);
    expect(fanOut.through()).toBeUndefined();
  });

  it('tells whoever catches up and then joins everything once, in order', () =>
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant('read'), fc.constant('join'), fc.constant('write')), { maxLength: 60 }),
        fc.nat(10),
        fc.nat(10),
        (steps, after, begin) => {
          const fanOut = createFanOut<Told>();
          const { told, subscriber } = listener(after);
          let written = 10;
          let at = after;
          let isIn = false;
          fanOut.begin(BigInt(begin));
          for (const step of [...steps, 'join', 'read', 'join']) {
            if (step === 'write') written += 1;
            else if (step === 'join') {
              if (!isIn) for (; at < written && at < Number(fanOut.through()); at += 1) told.push(change(at + 1));
              isIn ||= fanOut.join({ ...subscriber, after: BigInt(at) });
            } else {
              const from = Number(fanOut.through());
              const page = Array.from({ length: written - from }, (_, index) => change(from + 1 + index));
              fanOut.publish(page, BigInt(written));
            }
          }
          fanOut.publish([], BigInt(written));
          expect(positions(told)).toEqual(Array.from({ length: written - after }, (_, index) => after + 1 + index));
        },
      ),
    ));
});
