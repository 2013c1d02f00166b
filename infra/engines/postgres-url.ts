import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProcesses } from '../engines/processes-file.js';

/** Where the PostgreSQL is that a platform started in a data folder; `null` where none runs there. */
export const embeddedPostgresUrl = (dataDir: string): string | null => {
  const listed = readProcesses(dataDir)?.processes.find(({ name }) => name === 'postgres');
  const password = join(dataDir, 'postgres.password');
  if (listed?.state !== 'ready' || !existsSync(password)) return null;
  const url = new URL(listed.url);
  url.username = 'postgres';
  url.password = readFileSync(password, 'utf8').trim();
  return url.href;
};
