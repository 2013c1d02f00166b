import { identify, type ProcessIdentity } from './process-identity.js';
import { writeProcesses, type ProcessEntry, type Processes } from './processes-file.js';

/** What may change of a process while the launcher runs. */
export type Change = Readonly<{ state: ProcessEntry['state']; pid?: number | null; version?: string }>;

/** Hears of every change, with what there is to say of it. */
export type OnChange = (entry: ProcessEntry, note?: string) => void;

/** What all processes are doing, in memory and in `processes.json`. */
export type Board = Readonly<{
  entries: () => readonly ProcessEntry[];
  add: (entry: Omit<ProcessEntry, 'pid' | 'startTime'>) => void;
  change: (name: string, change: Change, note?: string) => void;
  /** Waits until all named are ready or run elsewhere. @throws Error when one can be had in no way. */
  whenReady: (names: readonly string[]) => Promise<void>;
  /** Records that nothing runs any more. */
  close: () => void;
}>;

/** A board that keeps the data folder's `processes.json` and tells `onChange` of everything. */
export const createBoard = (dataDir: string, launcher: Processes['launcher'], onChange: OnChange): Board => {
  const entries = new Map<string, ProcessEntry>();
  const notes = new Map<string, string>();
  const waiting = new Set<() => void>();

  const put = (entry: ProcessEntry, note?: string) => {
    entries.set(entry.name, entry);
    if (note !== undefined) notes.set(entry.name, note);
    writeProcesses(dataDir, { launcher, processes: [...entries.values()] });
    onChange(entry, note);
    waiting.forEach((look) => look());
  };

  const standing = (name: string): 'up' | 'missing' | 'coming' => {
    const state = entries.get(name)?.state;
    if (state === 'ready' || state === 'external') return 'up';
    return state === 'unavailable' || state === undefined ? 'missing' : 'coming';
  };

  return {
    entries: () => [...entries.values()],
    add: (entry) => put({ ...entry, ...identityOf(null) }),
    change: (name, { state, pid, version }, note) => {
      const entry = entries.get(name);
      if (entry === undefined) throw new Error(`There is no process ${name}`);
      const identity = pid === undefined ? {} : identityOf(pid);
      put({ ...entry, state, ...identity, ...(version === undefined ? {} : { version }) }, note);
    },
    close: () => {
      const kept = [...entries.values()].map((entry): ProcessEntry => {
        return entry.state === 'external' ? entry : { ...entry, state: 'stopped', ...identityOf(null) };
      });
      writeProcesses(dataDir, { launcher, processes: kept });
    },
    whenReady: (names) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const missing = names.find((name) => standing(name) === 'missing');
          if (missing === undefined && names.some((name) => standing(name) !== 'up')) return;
          waiting.delete(look);
          if (missing === undefined) resolve();
          else reject(new Error(`${missing} is not to be had: ${notes.get(missing) ?? 'it was not asked for'}`));
        };
        waiting.add(look);
        look();
      }),
  };
};

const identityOf = (pid: number | null): ProcessIdentity | { pid: null; startTime: null } =>
  (pid === null ? null : identify(pid)) ?? { pid: null, startTime: null };
