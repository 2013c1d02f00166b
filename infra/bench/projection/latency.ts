import type { Measurement } from '../rounds.js';
import { startApart } from './apart.js';
import type { Engines, OurRunner } from './our-runner/main.js';

const orders = 3_000;

/** How soon an order that is placed is seen, one at a time: the view is kept by one process and read by another. */
export const measureLatency = async ({
  last,
  from,
  ...engines
}: Engines & Readonly<{ last: bigint; from: number }>): Promise<Measurement> => {
  const [keeper, reader] = [start(), start()];
  try {
    await keeper.ask('follow', { ...engines, last });
    await reader.ask('place', { ...engines, from, count: 200 });
    const seen = await reader.ask('place', { ...engines, from: from + 200, count: orders });
    const line = (what: string, times: readonly number[]) =>
      `${what.padEnd(44)} p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms`;
    return {
      lines: [
        line(
          'append to visible',
          seen.map(({ whole }) => whole),
        ),
        line(
          'acknowledged to visible',
          seen.map(({ afterAppend }) => afterAppend),
        ),
      ],
      withinCeilings: true,
    };
  } finally {
    await Promise.all([keeper.stop(), reader.stop()]);
  }
};

const start = () => startApart<OurRunner>(new URL('./our-runner/main.js', import.meta.url));

const quantile = (values: readonly number[], share: number): string =>
  (values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN).toFixed(1);
