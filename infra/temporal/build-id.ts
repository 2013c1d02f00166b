import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { platformVersion } from '../telemetry/version.js';

/**
 * What a worker's workflow code is called: the platform's version and the beginning of the SHA-256 of the bundle.
 *
 * @throws Error where there is no bundle.
 */
export const buildIdOf = async (workflowBundlePath: string): Promise<string> => {
  const sum = createHash('sha256')
    .update(await readFile(workflowBundlePath))
    .digest('hex');
  return `${platformVersion()}-${sum.slice(0, 12)}`;
};
