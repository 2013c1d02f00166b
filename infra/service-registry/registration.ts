import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../logging/log.js';
import type { Instance, ServiceRegistry } from './registry.js';

/** An instance that gives signs of life; `stop` takes it out of the registry, and never throws. */
export type Registration = Readonly<{ stop: () => Promise<void> }>;

export type RegistrationSettings = Readonly<{
  registry: ServiceRegistry;
  instance: Instance;
  log: Log;
  everyMs?: number;
}>;

/** A missed sign of life is given so soon again: the others wait for it once the registry is back. */
const againMs = 1_000;

/** Registers an instance and gives a sign of life every ten seconds. Goes on while the registry is away. */
export const register = ({ registry, instance, log, everyMs = 10_000 }: RegistrationSettings): Registration => {
  const stopping = new AbortController();
  const { signal } = stopping;

  const beat = async (): Promise<void> => {
    let isMissed = false;
    while (!signal.aborted) {
      try {
        await registry.beat(instance);
        if (isMissed) log.info('registered again');
        isMissed = false;
      } catch (error) {
        // Said once: the registry is away for as long as nothing else is said.
        if (!isMissed) log.warn({ err: error }, 'cannot give a sign of life to the registry; goes on trying');
        isMissed = true;
      }
      await sleep(isMissed ? Math.min(againMs, everyMs) : everyMs, undefined, { signal }).catch(() => undefined);
    }
  };

  const beating = beat();
  return {
    stop: async () => {
      stopping.abort();
      // A sign of life under way would register it anew.
      await beating;
      await registry.deregister(instance.instanceId).catch((error: unknown) => {
        log.warn({ err: error }, 'could not deregister; it counts as down soon');
      });
    },
  };
};
