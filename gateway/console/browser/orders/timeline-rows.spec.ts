import type { TimelineEntry } from './order-api.js';
import { barInWords, durationOf, keysOf, kindsOf, stretchOf } from './timeline-rows.js';

const entry = (change: Partial<TimelineEntry> = {}): TimelineEntry => ({
  ...{ at: '1970-01-01T00:00:02.000Z', kind: 'saga', name: 'capturePayment', detail: { durationMs: 341 } },
  ...change,
});

it('counts the entries of each kind', () =>
  expect(kindsOf([entry(), entry({ kind: 'span' }), entry()])).toEqual([
    ['saga', 2],
    ['span', 1],
  ]));

it('tells entries apart that seem the same, and knows each of them when it is asked for again', () => {
  const keys = keysOf([entry(), entry(), entry({ kind: 'span' })]);
  expect(new Set(keys).size).toBe(3);
  expect(keysOf([entry(), entry(), entry({ name: 'later' }), entry({ kind: 'span' })])).toEqual(
    expect.arrayContaining([...keys]),
  );
});

it('knows when an entry began and ended', () => {
  expect(stretchOf(entry())).toEqual({ startMs: 2_000, endMs: 2_341 });
  expect(stretchOf(entry({ detail: {} }))).toEqual({ startMs: 2_000, endMs: 2_000 });
  expect(durationOf(entry({ detail: { durationMs: 'long' } }))).toBeNull();
});

it('says what a bar shows', () => {
  expect(barInWords(entry(), 800)).toBe('capturePayment, saga, 1.2 s after the beginning, lasts 341 ms');
  expect(barInWords(entry({ detail: {} }), 2_000)).toBe('capturePayment, saga, at the beginning');
});
