import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop was, in seconds. */
export type Delay = Readonly<{ mean: number; p99: number; max: number }>;

export type EventLoopDelay = Readonly<{ read: () => Delay; stop: () => void }>;

const window = 60_000;
const nanoseconds = 1e-9;

/** Measures the delay. What it gives is of the last minute or, where nobody has asked for longer, since then. */
export const watchEventLoop = (): EventLoopDelay => {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  let since = Date.now();
  const read = (): Delay => {
    const delay = {
      mean: histogram.count === 0 ? 0 : histogram.mean * nanoseconds,
      p99: histogram.percentile(99) * nanoseconds,
      max: histogram.max * nanoseconds,
    };
    if (Date.now() - since > window) {
      histogram.reset();
      since = Date.now();
    }
    return delay;
  };
  return { read, stop: () => void histogram.disable() };
};
