import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineName } from './engine.js';
import { startPlatform, type Platform } from './platform.js';
import { holdRandomPort } from './ports.js';
import { onStopSignals } from './stop-signals.js';

const running = new Set<Platform>();

/** Engines of a benchmark's or a soak's own: the variables that lead to them, as roles get them. */
export type EnginesApart = Readonly<{
  env: Readonly<Record<string, string>>;
  /** Ends an engine as the kernel would (SIGKILL); resolves when it is ready again. @throws Error where it does not run. */
  kill: (name: EngineName) => Promise<void>;
  stop: () => Promise<void>;
}>;

/**
 * Starts engines in an empty folder, on ports away from the usual ones; resolves when they are ready. A signal that ends
 * this process ends them as well.
 */
export const startEnginesApart = async (names: readonly EngineName[]): Promise<EnginesApart> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'evermart-apart-'));
  // PostgreSQL runs as a user of its own, who must be able to enter.
  await chmod(dataDir, 0o711);
  const env = { ...process.env, DATA_DIR: dataDir };
  const platform = await startPlatform({ env, engines: names, roles: {}, holdPort: holdRandomPort });
  listen();
  running.add(platform);
  await platform.whenReady(names);
  return { env: platform.engineEnv(), kill: (name) => kill(platform, name), stop: () => stop(platform) };
};

const kill = async (platform: Platform, name: EngineName): Promise<void> => {
  const pidNow = () => platform.processes().find((each) => each.name === name)?.pid ?? null;
  const killed = pidNow();
  if (killed === null) throw new Error(`${name} does not run`);
  process.kill(killed, 'SIGKILL');
  while (pidNow() === killed) await sleep(20);
  await platform.whenReady([name]);
};

const stop = async (platform: Platform): Promise<void> => {
  await platform.stop();
  running.delete(platform);
  await rm(platform.dataDir, { recursive: true, force: true });
};

let isListening = false;
const listen = () => {
  if (!isListening) onStopSignals({ stop: stopAll, kill: killAll });
  isListening = true;
};

const stopAll = () => void Promise.allSettled([...running].map(stop)).then(() => process.exit(interrupted));

const killAll = () => {
  for (const platform of running) platform.kill();
  process.exit(interrupted);
};

/** As shells tell it of a command that was ended by SIGINT. */
const interrupted = 130;
