import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from './process-identity.js';

/** Where a process stands; `external` is run by somebody else, `unavailable` could be had in no way. */
export type ProcessState =
  'waiting' | 'downloading' | 'building' | 'starting' | 'ready' | 'restarting' | 'unavailable' | 'external' | 'stopped';

/** One engine or role as `processes.json` tells of it. `url` carries no password, `webUrl` is its page; `pid` is null while it does not run. */
export type ProcessEntry = Readonly<{
  name: string;
  kind: 'engine' | 'role';
  pid: number | null;
  startTime: string | null;
  url: string;
  webUrl?: string;
  version: string;
  log: string | null;
  state: ProcessState;
}>;

/** The content of `processes.json`. */
export type Processes = Readonly<{
  launcher: ProcessIdentity & Readonly<{ startedAt: string }>;
  processes: readonly ProcessEntry[];
}>;

const pathIn = (dataDir: string) => join(dataDir, 'processes.json');

/** What the data folder's launcher, running or not, wrote last; null before the first start. */
export const readProcesses = (dataDir: string): Processes | null =>
  existsSync(pathIn(dataDir)) ? (JSON.parse(readFileSync(pathIn(dataDir), 'utf8')) as Processes) : null;

/** Replaces `processes.json` at once: a reader sees the old content or the new, never a part. */
export const writeProcesses = (dataDir: string, content: Processes): void => {
  const path = pathIn(dataDir);
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
};
