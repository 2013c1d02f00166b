import type { Counted } from './calls.js';

/** What one kind of request came to; times in milliseconds. */
export type Figures = Readonly<{
  kind: string;
  requests: number;
  p50: number;
  p95: number;
  p99: number;
  statuses: Readonly<Record<string, number>>;
}>;

export const figuresOf = (counted: ReadonlyMap<string, Counted>): readonly Figures[] =>
  [...counted].map(([kind, { milliseconds, statuses }]) => {
    const sorted = milliseconds.toSorted((a, b) => a - b);
    const at = (share: number) => Number((sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1));
    return {
      ...{ kind, requests: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) },
      statuses: Object.fromEntries(statuses),
    };
  });

/** As a table for people. */
export const tableOf = (figures: readonly Figures[]): readonly string[] => [
  row(['kind', 'requests', 'p50 ms', 'p95 ms', 'p99 ms', 'answers']),
  ...figures.map(({ kind, requests, p50, p95, p99, statuses }) =>
    row([
      kind,
      requests,
      p50,
      p95,
      p99,
      Object.entries(statuses)
        .map(([status, times]) => `${status}: ${times}`)
        .join(', '),
    ]),
  ),
];

const row = ([kind = '', ...rest]: readonly (string | number)[]): string =>
  `${String(kind).padEnd(12)} ${rest.map((cell) => String(cell).padStart(9)).join(' ')}`;
