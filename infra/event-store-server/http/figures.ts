import { stat } from 'node:fs/promises';
import type { Activity } from '../activity.js';
import type { Delay } from './event-loop-delay.js';

/** Where the figures come from. */
export type Sources = Readonly<{
  file: string;
  /** The position of the last event. */
  head: () => number;
  activity: Activity;
  eventLoopDelay: () => Delay;
}>;

/** The state of the server at one moment, in seconds and bytes. */
export type Figures = Readonly<{
  process: Readonly<{
    uptimeSeconds: number;
    residentBytes: number;
    heapUsedBytes: number;
    heapTotalBytes: number;
    externalBytes: number;
    userCpuSeconds: number;
    systemCpuSeconds: number;
    eventLoopDelaySeconds: Delay;
  }>;
  store: Readonly<{ head: number; databaseBytes: number; logBytes: number }> & Activity;
}>;

export const readFigures = async ({ file, head, activity, eventLoopDelay }: Sources): Promise<Figures> => {
  const [databaseBytes, logBytes] = await Promise.all([sizeOf(file), sizeOf(`${file}-wal`)]);
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  return {
    process: {
      uptimeSeconds: process.uptime(),
      residentBytes: memory.rss,
      heapUsedBytes: memory.heapUsed,
      heapTotalBytes: memory.heapTotal,
      externalBytes: memory.external,
      userCpuSeconds: cpu.user / 1e6,
      systemCpuSeconds: cpu.system / 1e6,
      eventLoopDelaySeconds: eventLoopDelay(),
    },
    store: { head: head(), databaseBytes, logBytes, ...activity },
  };
};

/** The write-ahead log is not always there. */
const sizeOf = async (file: string) => (await stat(file).catch(() => undefined))?.size ?? 0;
