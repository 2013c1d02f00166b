import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { packageFolder } from '../engines/installation.js';
import { holdRandomPort } from '../engines/ports.js';
import { readProcesses } from '../engines/processes-file.js';
import type { SignIn } from '../soak/api-caller.js';

/** The whole platform as `npm start` runs it, in a folder and on a port of its own. */
export type FuzzedPlatform = Readonly<{
  url: string;
  firstAccount: SignIn;
  /** Ends everything as Ctrl-C does, and removes the folder. */
  stop: () => Promise<void>;
}>;

/** Starts the built platform; resolves when all that a request can reach is ready. @throws Error where it does not start. */
export const startFuzzedPlatform = async (): Promise<FuzzedPlatform> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'evermart-fuzz-'));
  // PostgreSQL runs as a user of its own, who must be able to enter.
  await chmod(dataDir, 0o711);
  const port = await holdRandomPort(0);
  await port.release();
  const url = `http://127.0.0.1:${port.number}`;
  const launcher = spawn(process.execPath, [join(packageFolder, 'dist/infra/engines/main.js')], {
    env: { ...process.env, ...unlimited, DATA_DIR: dataDir, PORT: String(port.number), LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  launcher.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
  const stop = async () => {
    if (launcher.exitCode === null) {
      launcher.kill('SIGTERM');
      await once(launcher, 'exit');
    }
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    while (!(await isReady(url, dataDir))) {
      if (launcher.exitCode !== null) throw new Error(`The platform did not start: ${complaints}`);
      await pause(100);
    }
    const firstAccount = JSON.parse(await readFile(join(dataDir, 'admin.json'), 'utf8')) as SignIn;
    return { url, firstAccount, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Limits are for the tests of limits. */
const unlimited = { RATE_LIMIT_PER_SECOND: '100000', RATE_LIMIT_BURST: '100000' };

const needed = ['gateway', 'projections', 'workflows', 'payment-provider'];

const isReady = async (url: string, dataDir: string): Promise<boolean> => {
  const processes = readProcesses(dataDir)?.processes ?? [];
  const areUp = needed.every((name) => processes.find((each) => each.name === name)?.state === 'ready');
  return areUp && (await fetch(`${url}/health/ready`)).ok;
};
