import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop was, in seconds. */
export type Delay = Readonly<{ mean: number; p99: number; max: number }>;

export type EventLoopDelay = Readonly<{ read: () => Delay; stop: () => void }>;

const window = 60_000;
/** Every so many milliseconds Node looks how late it is; its figures are from one look to the next. */
const resolution = 20;

const lateness = (nanoseconds: number) => Math.max(nanoseconds * 1e-9 - resolution / 1000, 0);

/** Measures the delay. What it gives is of the last minute or, where nobody has asked for longer, since then. */
export const watchEventLoop = (): EventLoopDelay => {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  let since = Date.now();
  const read = (): Delay => {
    const delay = {
      mean: histogram.count === 0 ? 0 : lateness(histogram.mean),
      p99: lateness(histogram.percentile(99)),
      max: lateness(histogram.max),
    };
    if (Date.now() - since > window) {
      histogram.reset();
      since = Date.now();
    }
    return delay;
  };
  return { read, stop: () => void histogram.disable() };
};
