import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '../../domains/shared/errors.js';
import { readProcesses } from './processes-file.js';

/**
 * Where the PostgreSQL is for commands that are run beside the platform: `POSTGRES_URL`, or else the one that a platform
 * started in the data folder.
 *
 * @throws DomainError `service.unavailable` where none runs there.
 */
export const findPostgresUrl = (env: NodeJS.ProcessEnv, dataDir: string): string => {
  if (env.POSTGRES_URL !== undefined) return env.POSTGRES_URL;
  const listed = readProcesses(dataDir)?.processes.find(({ name }) => name === 'postgres');
  const password = join(dataDir, 'postgres.password');
  if (listed?.state !== 'ready' || !existsSync(password))
    throw new DomainError(
      'service.unavailable',
      `No PostgreSQL runs in ${dataDir}: run npm start first, or set POSTGRES_URL`,
    );
  const url = new URL(listed.url);
  url.username = 'postgres';
  url.password = readFileSync(password, 'utf8').trim();
  return url.href;
};
