import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../engines/ports.js';

export type AuditorProcess = Readonly<{ pid: number; stop: () => Promise<void> }>;

/** The auditor as it runs in the platform. */
export const startAuditor = async (env: Readonly<Record<string, string>>): Promise<AuditorProcess> => {
  const entry = fileURLToPath(new URL('../../audit-log/main.js', import.meta.url));
  const port = String(await freePort());
  const child = fork(entry, [], {
    env: { ...env, AUDITOR_PORT: port, MASTER_KEY: randomBytes(32).toString('hex'), NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  if (child.pid === undefined) throw new Error('The auditor does not start');
  return {
    pid: child.pid,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
};

/** What a process has taken of the CPU since its start, as Linux counts it (proc(5): `utime` and `stime`). */
export const cpuSecondsOf = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

const ticksPerSecond = 100;
