import { awaitFreshness, refuseParked, refuseUnreadable, unbuilt } from './freshness.js';

const view = { name: 'orders', version: 2, categories: ['order', 'payment'], serves: [1] };
const behind = { code: 'view.behind' };
const nothing = { after: new Map([['product', 9n]]), waitMs: 0 };
const order = (position: bigint, waitMs = 0) => ({ after: new Map([['order', position]]), waitMs });
const at = (watermark: bigint | null) => () => Promise.resolve({ watermark });

describe('waiting for a view', () => {
  it('looks once without a position of its categories', async () => {
    expect(await awaitFreshness(view, nothing, at(null))).toEqual({ watermark: null });
  });

  it('reads until the furthest position is reached', async () => {
    const reached = [null, 5n, 6n, 7n];
    const after = new Map([
      ['order', 6n],
      ['payment', 5n],
    ]);
    const look = () => Promise.resolve({ watermark: reached.shift() ?? null });
    expect(await awaitFreshness(view, { after, waitMs: 60_000 }, look)).toEqual({ watermark: 6n });
    expect(reached).toEqual([7n]);
  });

  it('waits for the beginning of the log as well', async () => {
    await expect(awaitFreshness(view, order(0n), at(null))).rejects.toMatchObject(behind);
    expect(await awaitFreshness(view, order(0n), at(0n))).toEqual({ watermark: 0n });
  });

  it('waits for a view that is not built yet, and for nothing else that fails', async () => {
    const outcomes = [() => Promise.reject(unbuilt()), at(3n)];
    expect(await awaitFreshness(view, order(3n, 60_000), () => outcomes.shift()?.() ?? at(3n)())).toEqual({
      watermark: 3n,
    });
    await expect(awaitFreshness(view, order(3n, 60_000), () => Promise.reject(new Error('away')))).rejects.toThrow(
      'away',
    );
  });

  it('waits for it without any position as well', async () => {
    const outcomes = [() => Promise.reject(unbuilt()), at(null)];
    const look = () => outcomes.shift()?.() ?? at(3n)();
    expect(await awaitFreshness(view, { ...nothing, waitMs: 60_000 }, look)).toEqual({ watermark: null });
    await expect(awaitFreshness(view, nothing, () => Promise.reject(unbuilt()))).rejects.toMatchObject(behind);
  });

  it('gives up in the end', async () => {
    await expect(awaitFreshness(view, order(6n, 30), at(5n))).rejects.toMatchObject(behind);
    await expect(awaitFreshness(view, order(6n, 30), () => Promise.reject(unbuilt()))).rejects.toMatchObject(behind);
  });
});

describe('a read of a key of which an event is parked', () => {
  const parked = () => Promise.resolve(true);

  it('is refused to whoever has seen an event of the view', async () => {
    await expect(refuseParked(view, order(1n), parked)).rejects.toMatchObject({ code: 'view.parked' });
  });

  it('is answered to anybody else, as is that of another key', async () => {
    await expect(refuseParked(view, nothing, parked)).resolves.toBeUndefined();
    await expect(refuseParked(view, order(1n), () => Promise.resolve(false))).resolves.toBeUndefined();
  });
});

describe('a build that serves', () => {
  it.each([1, 2])('is read in version %i', (version) => {
    expect(() => refuseUnreadable(view, { version, number: 4 })).not.toThrow();
  });

  it('is refused in a version that the queries do not know', () => {
    expect(() => refuseUnreadable(view, { version: 3, number: 4 })).toThrow(expect.objectContaining(behind) as Error);
  });
});
