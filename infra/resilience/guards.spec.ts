import { jest } from '@jest/globals';
import { DomainError, isDomainError } from '../../domains/shared/errors.js';
import { createWritableLog } from '../logging/testing/writable-log.js';
import { createGuards, guardedItems, type Upstream } from './guards.js';

const unavailable = { code: 'service.unavailable' };
const rules = { failures: 2, openMs: 1_000, successes: 2 };
const refused = () => Promise.reject(new Error('ECONNREFUSED'));
const fine = () => Promise.resolve('fine');
const never = () => new Promise<never>(() => undefined);

const setUp = (upstream: Partial<Upstream> = {}) => {
  let time = 0;
  const log = createWritableLog();
  const guards = createGuards({ log: log.log, rules, now: () => time });
  const guard = guards.of({ name: 'Engine', isAway: (error) => !isDomainError(error), ...upstream });
  return {
    guard,
    state: () => guards.states()['Engine'],
    wait: (milliseconds: number) => {
      time += milliseconds;
    },
    told: () => log.lines().map(({ msg }) => msg),
    fail: async () => {
      for (let failures = 0; failures < rules.failures; failures += 1)
        await expect(guard(refused)).rejects.toMatchObject(unavailable);
    },
  };
};

describe('a guard', () => {
  it('gives what is answered', async () => expect(await setUp().guard(fine)).toBe('fine'));

  it('asks no more after failures, and again after a while', async () => {
    const { guard, state, wait, fail, told } = setUp();
    await fail();
    expect(state()).toBe('open');
    const work = jest.fn(fine);
    wait(rules.openMs - 1);
    await expect(guard(work)).rejects.toMatchObject(unavailable);
    expect(work).not.toHaveBeenCalled();
    wait(1);
    expect(await guard(work)).toBe('fine');
    expect(state()).toBe('half-open');
    expect(await guard(work)).toBe('fine');
    expect(state()).toBe('closed');
    expect(told()).toEqual([
      'does not answer; its circuit is open',
      'is tried again; its circuit is half open',
      'answers again; its circuit is closed',
    ]);
  });

  it('takes refusals by a rule, a view that is behind and faults of ours for answers', async () => {
    const { guard, state } = setUp({ isAway: () => false });
    for (const error of [
      new DomainError('order.not_found', 'None'),
      new DomainError('view.behind', 'Not yet'),
      new Error('A statement was wrong'),
    ])
      for (let times = 0; times < rules.failures; times += 1)
        await expect(guard(() => Promise.reject(error))).rejects.toBe(error);
    expect(state()).toBe('closed');
  });

  it('takes what its client says of an absence as it is', async () => {
    const { guard, state } = setUp({ isAway: () => false });
    const error = new DomainError('service.unavailable', 'The event store does not answer');
    for (let times = 0; times < rules.failures; times += 1)
      await expect(guard(() => Promise.reject(error))).rejects.toBe(error);
    expect(state()).toBe('open');
  });

  it('waits no longer than its timeout, and counts that as a failure', async () => {
    const { guard, state } = setUp({ timeoutMs: 1 });
    for (let times = 0; times < rules.failures; times += 1)
      await expect(guard(never)).rejects.toMatchObject({ code: 'service.timeout' });
    expect(state()).toBe('open');
  });

  it('says of a change that was not answered in time that it may have been done', async () => {
    const { guard } = setUp({ timeoutMs: 1, changes: true });
    await expect(guard(never)).rejects.toThrow(
      'may have been done; look, or send it again under the same Idempotency-Key',
    );
  });

  it('has one circuit for each name', async () => {
    const guards = createGuards({ log: createWritableLog().log, rules });
    const [reads, changes] = [false, true].map((each) => guards.of({ name: 'One', changes: each, isAway: () => true }));
    for (let times = 0; times < rules.failures; times += 1)
      await expect(reads?.(refused)).rejects.toMatchObject(unavailable);
    await expect(changes?.(fine)).rejects.toMatchObject(unavailable);
  });

  it('does not count a call that was never made, unless it was to show that the upstream is back', async () => {
    const { guard, state, wait } = setUp({ isNotAsked: (error) => (error as Error).message === 'All are busy' });
    const busy = () => Promise.reject(new Error('All are busy'));
    await expect(guard(refused)).rejects.toMatchObject(unavailable);
    for (let times = 0; times < rules.failures; times += 1)
      await expect(guard(busy)).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(state()).toBe('closed');
    await expect(guard(refused)).rejects.toMatchObject(unavailable);
    wait(rules.openMs);
    await expect(guard(busy)).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(state()).toBe('open');
  });

  it('lets an upstream be away without harm to others', async () => {
    const guards = createGuards({ log: createWritableLog().log, rules });
    const [one, other] = ['One', 'Other'].map((name) => guards.of({ name, isAway: () => true }));
    for (let times = 0; times < rules.failures; times += 1)
      await expect(one?.(refused)).rejects.toMatchObject(unavailable);
    expect(await other?.(fine)).toBe('fine');
    expect(guards.states()).toEqual({ One: 'open', Other: 'closed' });
  });
});

describe('guarded items', () => {
  const collect = async (items: AsyncIterable<number>) => {
    const found: number[] = [];
    for await (const item of items) found.push(item);
    return found;
  };

  it('come as they are', async () => {
    const { guard } = setUp();
    async function* items() {
      yield* await Promise.resolve([1, 2, 3]);
    }
    expect(await collect(guardedItems(guard, items()))).toEqual([1, 2, 3]);
  });

  it('end where the next does not come in time', async () => {
    const { guard } = setUp({ timeoutMs: 1 });
    async function* items() {
      yield 1;
      await never();
    }
    await expect(collect(guardedItems(guard, items()))).rejects.toMatchObject({ code: 'service.timeout' });
  });

  it('are not begun while the circuit is open', async () => {
    const { guard, fail } = setUp();
    await fail();
    const begin = jest.fn();
    await expect(collect(guardedItems(guard, { [Symbol.asyncIterator]: begin } as never))).rejects.toMatchObject(
      unavailable,
    );
    expect(begin).not.toHaveBeenCalled();
  });

  it('are not read on where their reader leaves, or the next does not come in time', async () => {
    const { guard } = setUp({ timeoutMs: 1 });
    const end = jest.fn(() => Promise.resolve({ done: true as const, value: undefined }));
    const answers = [Promise.resolve({ value: 1 }), Promise.resolve({ value: 2 }), never()];
    const items = (): AsyncIterable<number> => {
      const left = [...answers];
      return { [Symbol.asyncIterator]: () => ({ next: () => left.shift() ?? never(), return: end }) };
    };
    for await (const item of guardedItems(guard, items())) if (item === 1) break;
    expect(end).toHaveBeenCalledTimes(1);
    await expect(collect(guardedItems(guard, items()))).rejects.toMatchObject({ code: 'service.timeout' });
    expect(end).toHaveBeenCalledTimes(2);
  });
});
