import { startApart } from '../projection/apart.js';
import { answersPerSecond } from '../command/load.js';
import { expected } from './order.js';
import { refuseMeanwhile, type Refusal } from './refused.js';
import type { Serving, Setting } from './serving.js';

/** What one round measured of a server. */
export type Run = Readonly<{
  perSecond: number;
  /** CPU of its whole process for each answer. */
  cpuMicroseconds: number;
  /** The share of the time in which its thread had something to do. */
  busy: number;
  /** How many requests were refused meanwhile, as they must be. */
  refused: number;
}>;

/** A server in a process of its own. */
export type MeasuredServer = Readonly<{
  port: number;
  /** Answers so many orders of so many callers. @throws Error at the first wrong answer. */
  run: (requests: readonly Buffer[], calls: Readonly<{ callers: number; count: number }>) => Promise<Run>;
  stop: () => Promise<void>;
}>;

/** What must hold while a server is measured. */
export type MeasuredParts = Readonly<{
  /** What it must refuse. */
  refusals?: readonly Refusal[];
  /** Headers that its answers must have, each up to a part of its value. */
  headers?: readonly string[];
}>;

/** Starts a built module that calls `serve`. */
export const startServer = async (
  module: string,
  setting: Setting,
  { refusals = [], headers = [] }: MeasuredParts = {},
): Promise<MeasuredServer> => {
  const process = startApart<Serving>(new URL(module, import.meta.url), { NODE_ENV: 'production' });
  const port = await process.ask('open', setting);
  const wanted = [expected(), ...headers];
  const run: MeasuredServer['run'] = async (requests, { callers, count }) => {
    const over = new AbortController();
    await process.ask('begin', undefined);
    const refusing = refuseMeanwhile(port, refusals, over.signal);
    const answering = answersPerSecond({ port, requests, callers, count, expected: wanted });
    if (callers > 1) keepAwake(over.signal);
    const perSecond = await answering.finally(() => over.abort());
    const { cpuMicroseconds, busy } = await process.ask('used', undefined);
    return { perSecond, cpuMicroseconds: cpuMicroseconds / count, busy, refused: await refusing };
  };
  return { port, run, stop: process.stop };
};

/** The load never sleeps: to wake it would cost the slower server more than the faster one, which leaves it no rest. */
const keepAwake = (until: AbortSignal): void => {
  if (!until.aborted) setImmediate(keepAwake, until);
};
