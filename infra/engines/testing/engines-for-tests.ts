import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from '../engine.js';
import { endLeftovers } from '../leftovers.js';
import { lockDataDir } from '../lock.js';
import { startPlatform } from '../platform.js';
import { holdRandomPort } from '../ports.js';
import { readProcesses } from '../processes-file.js';
import { StartRefused } from '../refusal.js';

/** The variables of the engines that were asked for, as roles get them; the others are not set. */
export type EngineVariables = Readonly<
  Record<
    | 'EVENTSTORE_URL'
    | 'POSTGRES_URL'
    | 'MONGODB_URL'
    | 'TEMPORAL_ADDRESS'
    | 'TEMPORAL_UI_URL'
    | 'OTEL_EXPORTER_OTLP_ENDPOINT'
    | 'JAEGER_QUERY_URL',
    string
  >
>;

export type EnginesForTests = Readonly<{ env: EngineVariables; dataDir: string; stop: () => Promise<void> }>;

const prefix = 'evermart-engines-';

/**
 * Starts engines in a temporary folder, on ports away from the usual ones, and waits until they are ready. `stop` ends
 * them and removes the folder. MongoDB brings PostgreSQL with it. An engine that the environment points to is used.
 *
 * @throws Error when one of them can be had in no way.
 */
export const startEngines = async (names: readonly EngineName[]): Promise<EnginesForTests> => {
  await sweep();
  const dataDir = await mkdtemp(join(tmpdir(), prefix));
  await chmod(dataDir, 0o711);
  const env = { ...process.env, DATA_DIR: dataDir };
  const platform = await startPlatform({ env, engines: names, roles: {}, holdPort: holdRandomPort });
  const stop = async () => {
    await platform.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await platform.whenReady(names);
  } catch (error) {
    await stop();
    throw error;
  }
  return { env: platform.engineEnv(), dataDir, stop };
};

/** Ends and removes what a test run that was killed has left. */
const sweep = async () => {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  for (const folder of folders.map((name) => join(tmpdir(), name))) {
    try {
      await removeAbandoned(folder);
    } catch (error) {
      const isInUse = error instanceof StartRefused;
      // Gone meanwhile: another test run swept it.
      if (!isInUse && existsSync(folder)) throw error;
    }
  }
};

const removeAbandoned = async (folder: string) => {
  const previous = readProcesses(folder);
  // A folder without the file is just being made.
  if (previous === null) return;
  const unlock = lockDataDir(folder);
  try {
    await endLeftovers(previous.processes);
    await rm(folder, { recursive: true, force: true });
  } finally {
    unlock();
  }
};
