import { totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Log } from '../../infra/logging/log.js';

/** How a process is: times in milliseconds, sizes in bytes. */
export type Condition = Readonly<{
  /** By how much half of the turns of the event loop were late. */
  delayMs: number;
  heapUsed: number;
  heapLimit: number;
  /** Of the heap and of buffers: what else the process holds of the machine's memory it need not give back. */
  memoryUsed: number;
  memoryLimit: number;
}>;

/** So late nobody is answered in time; so full the next burst of requests would end the process. */
export const isUnderPressure = ({ delayMs, heapUsed, heapLimit, memoryUsed, memoryLimit }: Condition): boolean =>
  delayMs > 250 || heapUsed > 0.85 * heapLimit || memoryUsed > 0.85 * memoryLimit;

const everyMs = 500;
const resolutionMs = 20;

/**
 * Tells time and again whether this process is under pressure, until the function that it gives is called, and says in the
 * log when that begins and ends.
 */
export const watchPressure = (tell: (isPressed: boolean) => void, log: Pick<Log, 'info' | 'warn'>): (() => void) => {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  const judge = createJudge(log);
  const looking = setInterval(() => {
    tell(judge({ delayMs: delays.percentile(50) / 1e6 - resolutionMs, ...memory() }));
    delays.reset();
  }, everyMs).unref();
  return () => {
    clearInterval(looking);
    delays.disable();
  };
};

/** Tells of each condition whether it is one of pressure, and says in the log when that begins and ends. */
export const createJudge = (log: Pick<Log, 'info' | 'warn'>): ((condition: Condition) => boolean) => {
  let wasPressed = false;
  return (condition) => {
    const isPressed = isUnderPressure(condition);
    if (isPressed && !wasPressed) log.warn({ condition }, 'under pressure: less is done at once');
    if (!isPressed && wasPressed) log.info({ condition }, 'under pressure no more');
    wasPressed = isPressed;
    return isPressed;
  };
};

const memory = () => {
  const { used_heap_size: heapUsed, heap_size_limit: heapLimit } = getHeapStatistics();
  const constrained = process.constrainedMemory();
  const memoryLimit = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return { heapUsed, heapLimit, memoryUsed: heapUsed + process.memoryUsage().external, memoryLimit };
};
