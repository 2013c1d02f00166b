import { totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** How a process is: times in milliseconds, sizes in bytes. */
export type Condition = Readonly<{
  /** By how much half of the turns of the event loop were late. */
  delayMs: number;
  heapUsed: number;
  heapLimit: number;
  memoryUsed: number;
  memoryLimit: number;
}>;

/** So late nobody is answered in time; so full the next burst of requests would end the process. */
export const isUnderPressure = ({ delayMs, heapUsed, heapLimit, memoryUsed, memoryLimit }: Condition): boolean =>
  delayMs > 250 || heapUsed > 0.85 * heapLimit || memoryUsed > 0.85 * memoryLimit;

const everyMs = 500;
const resolutionMs = 20;

/** Tells time and again whether this process is under pressure, until the function that it gives is called. */
export const watchPressure = (tell: (isPressed: boolean) => void): (() => void) => {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  const looking = setInterval(() => {
    tell(isUnderPressure({ delayMs: delays.percentile(50) / 1e6 - resolutionMs, ...memory() }));
    delays.reset();
  }, everyMs).unref();
  return () => {
    clearInterval(looking);
    delays.disable();
  };
};

const memory = () => {
  const { used_heap_size: heapUsed, heap_size_limit: heapLimit } = getHeapStatistics();
  const constrained = process.constrainedMemory();
  const memoryLimit = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return { heapUsed, heapLimit, memoryUsed: process.memoryUsage.rss(), memoryLimit };
};
