import { waterfallOf } from './waterfall.js';

const stretch = (startMs: number, ms = 0) => ({ startMs, endMs: startMs + ms });
const about = (number: number) => expect.closeTo(number, 9) as unknown;
const bar = (left: number, width = 0): unknown => ({ left: about(left), width: about(width) });

it('draws what happens within a second to one scale', () =>
  expect(waterfallOf([stretch(1_000, 400), stretch(1_100, 100), stretch(1_800)])).toEqual({
    startMs: 1_000,
    bars: [bar(0, 0.5), bar(0.125, 0.125), bar(1)],
    pauses: [],
  }));

it('draws a time in which nothing happens as a tenth of what happens', () =>
  expect(waterfallOf([stretch(0, 1_000), stretch(100_000_000)])).toEqual({
    startMs: 0,
    bars: [bar(0, 1 / 1.1), bar(1)],
    pauses: [{ ...(bar(1 / 1.1, 0.1 / 1.1) as object), ms: 99_999_000 }],
  }));

it('gives all pauses together at most half', () => {
  const many = Array.from({ length: 41 }, (_, index) => stretch(index * 60_000, 10));
  const { pauses, bars } = waterfallOf(many);
  expect(pauses).toHaveLength(40);
  expect(pauses.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(0.5);
  expect(bars[0]?.width).toBeCloseTo(0.5 / 41);
});

it('shows instants that lie far apart at equal distances', () =>
  expect(waterfallOf([stretch(0), stretch(5_000), stretch(90_000)]).bars).toEqual([bar(0), bar(0.5), bar(1)]));

it('lets a bar reach over a pause', () =>
  expect(waterfallOf([stretch(0, 1_000), stretch(0, 60_000)]).bars).toEqual([bar(0, 1 / 1.1), bar(0, 1)]));

it('has a place for one instant, and for nothing', () => {
  expect(waterfallOf([stretch(7)])).toEqual({ startMs: 7, bars: [bar(0)], pauses: [] });
  expect(waterfallOf([])).toEqual({ startMs: 0, bars: [], pauses: [] });
});

it('keeps the order of what happened, within the picture', () => {
  const stretches = Array.from({ length: 60 }, (_, index) => stretch((index * index * 37) % 9_000, (index * 53) % 700));
  const { bars } = waterfallOf(stretches);
  const byStart = [...stretches.entries()].sort(([, a], [, b]) => a.startMs - b.startMs).map(([index]) => bars[index]);
  for (const [index, each] of byStart.entries()) {
    expect(each?.left).toBeGreaterThanOrEqual(byStart[index - 1]?.left ?? 0);
    expect((each?.left ?? 0) + (each?.width ?? 0)).toBeLessThanOrEqual(1 + 1e-9);
  }
});
