import {
  startWholePlatform,
  type WholePlatform,
  type WholePlatformSettings,
} from '../../../infra/engines/whole-platform.js';
import { createApiClient, type ApiClient } from '../../client/api-client.js';
import { eventually } from './eventually.js';

/** The whole platform, and what a test does with it. */
export type RunningPlatform = WholePlatform &
  Readonly<{
    /** The API in the name of the first account, which is staff. */
    staff: ApiClient;
    /** Ends a process as the kernel would (SIGKILL). */
    killProcess: (name: string) => void;
  }>;

/** Starts the built platform; resolves when all of it, or `until`, is ready. */
export const startPlatformForTests = async (settings: WholePlatformSettings = {}): Promise<RunningPlatform> => {
  const platform = await startWholePlatform(settings);
  return {
    ...platform,
    staff: await eventually(() => createApiClient(platform.url).signIn(platform.firstAccount)),
    killProcess: (name) => {
      const { pid } = platform.process(name);
      if (pid === null) throw new Error(`${name} does not run`);
      process.kill(pid, 'SIGKILL');
    },
  };
};
