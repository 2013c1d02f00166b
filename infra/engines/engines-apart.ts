import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from './engine.js';
import { startPlatform } from './platform.js';
import { holdRandomPort } from './ports.js';

/** Engines of a benchmark's or a soak's own: the variables that lead to them, as roles get them. */
export type EnginesApart = Readonly<{ env: Readonly<Record<string, string>>; stop: () => Promise<void> }>;

/** Starts engines in an empty folder, on ports away from the usual ones; resolves when they are ready. */
export const startEnginesApart = async (names: readonly EngineName[]): Promise<EnginesApart> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'evermart-apart-'));
  // PostgreSQL runs as a user of its own, who must be able to enter.
  await chmod(dataDir, 0o711);
  const env = { ...process.env, DATA_DIR: dataDir };
  const platform = await startPlatform({ env, engines: names, roles: {}, holdPort: holdRandomPort });
  await platform.whenReady(names);
  return {
    env: platform.engineEnv(),
    stop: async () => {
      await platform.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
