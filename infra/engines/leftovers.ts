import { endProcess, hasEnded } from './process-identity.js';
import type { ProcessEntry } from './processes-file.js';

/** Roles end by themselves when their launcher dies; they are given this long. */
const patience = 3_000;

/**
 * Ends what a launcher that was killed has left running, roles before engines, each only after checking that it still
 * is the process that was recorded. Gives the names of those that were ended.
 */
export const endLeftovers = async (recorded: readonly ProcessEntry[]): Promise<readonly string[]> => {
  const ended: string[] = [];
  for (const entry of recorded.filter(({ kind }) => kind === 'role'))
    if (await endEntry(entry, patience)) ended.push(entry.name);
  for (const entry of recorded.filter(({ kind }) => kind === 'engine').reverse())
    if (await endEntry(entry, 0)) ended.push(entry.name);
  return ended;
};

const endEntry = async ({ name, pid, startTime }: ProcessEntry, patienceFirst: number): Promise<boolean> => {
  if (pid === null || startTime === null) return false;
  if (await hasEnded({ pid, startTime }, patienceFirst)) return false;
  // PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave.
  return endProcess({ pid, startTime }, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
};
