import { setTimeout as pause } from 'node:timers/promises';
import { within } from './within.js';

/** A named part that a role needs; `false`, or a throw, says that it is missing. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<boolean>>>;

export type Readiness = Readonly<{ ready: boolean; dependencies: Readonly<Record<string, 'up' | 'down'>> }>;

/** Asks every part at once whether it is there; one that has not said within `waitMs` counts as missing. */
export const checkReadiness = async (checks: ReadinessChecks, waitMs = 2_000): Promise<Readiness> => {
  const found = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, (await isUp(check, waitMs)) ? 'up' : 'down'] as const),
  );
  return { ready: found.every(([, state]) => state === 'up'), dependencies: Object.fromEntries(found) };
};

const isUp = async (check: () => Promise<boolean>, waitMs: number): Promise<boolean> => {
  try {
    return await within(waitMs, check(), false);
  } catch {
    // Whatever it threw, the part is not usable now: that is the answer.
    return false;
  }
};

/** Resolves once every part is there, asking time and again, or once `signal` is aborted. */
export const untilReady = async (checks: ReadinessChecks, signal: AbortSignal, everyMs = 250): Promise<void> => {
  while (!signal.aborted && !(await checkReadiness(checks)).ready)
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
};

/** The answer to `/health/ready`: 200, or 503 with what is missing. */
export const readyAnswer = async (checks: ReadinessChecks): Promise<Readonly<{ status: 200 | 503; body: object }>> => {
  const { ready, dependencies } = await checkReadiness(checks);
  return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'waiting', dependencies } };
};

/** A process that tells how it is. */
export type Subject = Readonly<{ service: string; version: string }>;

/** The body of `/health`: how this process, and everything that it works with, is. */
export const healthOf = async ({ service, version }: Subject, checks: ReadinessChecks) => {
  const { ready, dependencies } = await checkReadiness(checks);
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    status: ready ? 'ok' : 'degraded',
    service,
    version,
    /** In seconds. */
    uptime: process.uptime(),
    /** In bytes. */
    memory: { rss, heapTotal, heapUsed },
    /** In seconds of CPU time since the start. */
    cpu: { user: user / 1e6, system: system / 1e6 },
    timestamp: new Date().toISOString(),
    dependencies,
  };
};
