import { createFreshSight, refuseParked, refuseUnreadable, unbuilt } from './freshness.js';

const view = { name: 'orders', version: 2, categories: ['order', 'payment'], serves: [1] };
const behind = { code: 'view.behind' };
const nothing = { after: new Map([['product', 9n]]), waitMs: 0 };
const order = (position: bigint, waitMs = 0) => ({ after: new Map([['order', position]]), waitMs });
const at = (watermark: bigint | null) => () => Promise.resolve({ watermark });

describe('waiting for a view', () => {
  it('looks once without a position of its categories', async () => {
    expect(await createFreshSight(view, at(null))(nothing)).toEqual({ watermark: null });
  });

  it('reads until the furthest position is reached', async () => {
    const reached = [null, 5n, 6n, 7n];
    const after = new Map([
      ['order', 6n],
      ['payment', 5n],
    ]);
    const look = () => Promise.resolve({ watermark: reached.shift() ?? null });
    expect(await createFreshSight(view, look)({ after, waitMs: 60_000 })).toEqual({ watermark: 6n });
    expect(reached).toEqual([7n]);
  });

  it('waits for the beginning of the log as well', async () => {
    await expect(createFreshSight(view, at(null))(order(0n))).rejects.toMatchObject(behind);
    expect(await createFreshSight(view, at(0n))(order(0n))).toEqual({ watermark: 0n });
  });

  it('waits for a view that is not built yet, and for nothing else that fails', async () => {
    const outcomes = [() => Promise.reject(unbuilt()), at(3n)];
    const look = () => outcomes.shift()?.() ?? at(3n)();
    expect(await createFreshSight(view, look)(order(3n, 60_000))).toEqual({ watermark: 3n });
    const away = () => Promise.reject(new Error('away'));
    await expect(createFreshSight(view, away)(order(3n, 60_000))).rejects.toThrow('away');
  });

  it('waits for it without any position as well', async () => {
    const outcomes = [() => Promise.reject(unbuilt()), at(null)];
    const look = () => outcomes.shift()?.() ?? at(3n)();
    expect(await createFreshSight(view, look)({ ...nothing, waitMs: 60_000 })).toEqual({ watermark: null });
    await expect(createFreshSight(view, () => Promise.reject(unbuilt()))(nothing)).rejects.toMatchObject(behind);
  });

  it('gives up in the end', async () => {
    await expect(createFreshSight(view, at(5n))(order(6n, 30))).rejects.toMatchObject(behind);
    await expect(createFreshSight(view, () => Promise.reject(unbuilt()))(order(6n, 30))).rejects.toMatchObject(behind);
  });
});

describe('many who wait for a view', () => {
  it('look at it together, and each goes on as soon as it is far enough', async () => {
    let looks = 0;
    let watermark = 1n;
    const sight = createFreshSight(view, () => {
      looks += 1;
      // The first four look by themselves.
      if (looks > 4) watermark += 1n;
      return Promise.resolve({ watermark });
    });
    const wanted = [2n, 3n, 3n, 4n].map((position) => sight(order(position, 60_000)));
    expect((await Promise.all(wanted)).map((seen) => seen.watermark)).toEqual([2n, 3n, 3n, 4n]);
    expect(looks).toBe(7);
  });

  it('hear of it when it can be looked at no more', async () => {
    const outcomes = [at(1n), at(1n), () => Promise.reject(new Error('away'))];
    const sight = createFreshSight(view, () => outcomes.shift()?.() ?? at(1n)());
    const waiting = await Promise.allSettled([sight(order(2n, 60_000)), sight(order(2n, 60_000))]);
    expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await sight(order(1n, 60_000))).toEqual({ watermark: 1n });
  });

  it('are only so many: others are refused at once', async () => {
    let watermark = 1n;
    const sight = createFreshSight(view, () => Promise.resolve({ watermark }));
    const waiting = Array.from({ length: 64 }, () => sight(order(2n, 60_000)));
    await expect(sight(order(2n, 60_000))).rejects.toMatchObject(behind);
    expect(await sight(order(1n, 60_000))).toEqual({ watermark: 1n });
    watermark = 2n;
    expect(await Promise.all(waiting)).toHaveLength(64);
    expect(await sight(order(2n, 60_000))).toEqual({ watermark: 2n });
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
