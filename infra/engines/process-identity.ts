import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process id alone may be given to another process later; with the time of its start it means one process. */
export type ProcessIdentity = Readonly<{ pid: number; startTime: string }>;

/** The identity of a running process, or null when none has that id (one that only waits to be reaped counts as gone). */
export const identify = (pid: number): ProcessIdentity | null => {
  const startTime = existsSync('/proc/self/stat') ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return startTime === null ? null : { pid, startTime };
};

/** Whether that very process still runs. */
export const isRunning = ({ pid, startTime }: ProcessIdentity): boolean => identify(pid)?.startTime === startTime;

/**
 * Ends a process, with `signal` first and SIGKILL when that did not do within `patience` milliseconds. Gives whether it
 * was running; never touches another process that has got its id.
 */
export const endProcess = async (
  identity: ProcessIdentity,
  signal: NodeJS.Signals = 'SIGTERM',
  patience = 10_000,
): Promise<boolean> => {
  if (!isRunning(identity)) return false;
  process.kill(identity.pid, signal);
  if (await hasEnded(identity, patience)) return true;
  process.kill(identity.pid, 'SIGKILL');
  if (await hasEnded(identity, patience)) return true;
  throw new Error(`Process ${identity.pid} does not end`);
};

/** Waits until the process is gone: true; false when `patience` milliseconds pass before. */
export const hasEnded = async (identity: ProcessIdentity, patience: number): Promise<boolean> => {
  const deadline = Date.now() + patience;
  while (isRunning(identity)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
};

/** The command line of a running process; empty when there is none. */
export const commandLineOf = (pid: number): string => {
  try {
    return existsSync('/proc/self/cmdline')
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return ''; // no such process
  }
};

const startTimeFromProc = (pid: number) => {
  try {
    // The second field, the command's name, may itself hold spaces and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null; // no such process
  }
};

const startTimeFromPs = (pid: number) => {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null; // ps fails when there is no such process
  }
};
