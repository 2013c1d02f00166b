import { setTimeout as pause } from 'node:timers/promises';
import { startWholePlatform, type WholePlatform } from '../engines/whole-platform.js';

/** Starts a whole platform of its own; resolves when all that a request can reach is ready. @throws Error where it does not start. */
export const startFuzzedPlatform = async (): Promise<WholePlatform> => {
  const platform = await startWholePlatform({
    env: { ...unlimited, LOG_LEVEL: 'error' },
    until: ['gateway', 'projections', 'workflows', 'payment-provider'],
  });
  try {
    // The first account is made after the gateway began to answer.
    while (!(await fetch(`${platform.url}/health/ready`)).ok) await pause(100);
    return platform;
  } catch (error) {
    await platform.stop();
    throw error;
  }
};

/** Limits are for the tests of limits. */
const unlimited = { RATE_LIMIT_PER_SECOND: '100000', RATE_LIMIT_BURST: '100000' };
