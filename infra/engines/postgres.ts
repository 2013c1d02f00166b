import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { logOf, runElsewhere, withoutPassword, type Engine, type EngineContext } from './engine.js';
import { binariesFor, postgresAccount, type Account, type PostgresBinaries } from './postgres-binaries.js';
import { createDatabases } from './postgres-databases.js';
import { commandLineOf, endProcess, identify } from './process-identity.js';
import { postgresPasswordOf } from './secrets.js';

const run = promisify(execFile);
const version = '18.4';

/** PostgreSQL from npm, on loopback, with a generated password and the database `evermart`. */
export const postgres = async ({ dataDir, env, holdPort }: EngineContext): Promise<Engine> => {
  if (env.POSTGRES_URL !== undefined) return runElsewhere('postgres', 'POSTGRES_URL', env.POSTGRES_URL);
  const port = await holdPort(54320);
  const password = postgresPasswordOf(dataDir);
  const url = `postgresql://postgres:${password}@127.0.0.1:${port.number}/evermart`;
  const folder = join(dataDir, 'postgres');

  const launchOf = (binaries: PostgresBinaries) => async () => {
    const account = await postgresAccount();
    if (!existsSync(folder)) await initialise(folder, password, { binaries, account, env });
    await endLeftPostmaster(folder);
    const args = ['-D', folder, '-p', String(port.number), ...Object.entries(settings).flatMap(toFlag)];
    return { command: binaries.postgres, args, env: { ...env, LC_ALL: 'C' }, ...account };
  };

  return {
    name: 'postgres',
    variable: 'POSTGRES_URL',
    url: withoutPassword(url),
    roleEnv: { POSTGRES_URL: url },
    ports: [port],
    obtain: async () => ({
      version,
      log: logOf(dataDir, 'postgres'),
      launch: launchOf(await binariesFor(await postgresAccount(), version)),
      isReady: () => createDatabases(url, ['evermart']),
      // Fast shutdown: SIGTERM would wait for every client to leave.
      stopSignal: 'SIGINT',
    }),
  };
};

/** `max_connections` is for FerretDB, which hangs for ever when its pool is empty; the rest saves memory. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '64MB',
  io_method: 'sync',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  log_min_messages: 'warning',
  // Values of rows, which may be personal, stay out of the log.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

const toFlag = ([name, value]: [string, string]) => ['-c', `${name}=${value}`];

/** Made aside and renamed, so that a cluster half made is never taken for one. */
const initialise = async (
  folder: string,
  password: string,
  { binaries, account, env }: { binaries: PostgresBinaries; account: Account; env: NodeJS.ProcessEnv },
) => {
  const fresh = `${folder}.new`;
  const passwordFile = join(fresh, 'password');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    chownSync(fresh, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  const cluster = join(fresh, 'cluster');
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await run(binaries.initdb, [`--pgdata=${cluster}`, ...access, ...locale, '--no-sync'], { env, ...account });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const said = stderr?.trim().split('\n').at(-1) ?? '';
    throw new Error(`PostgreSQL's data folder could not be made: ${said === '' ? message : said}`, { cause: error });
  }
  renameSync(cluster, folder);
  rmSync(fresh, { recursive: true });
};

/**
 * A postmaster of this very folder may be left over although nothing told of it, and PostgreSQL refuses to start when
 * another process has got the id of one that died.
 */
const endLeftPostmaster = async (folder: string) => {
  const pidFile = join(folder, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const left = identify(Number(readFileSync(pidFile, 'utf8').split('\n')[0]));
  if (left !== null && commandLineOf(left.pid).includes(folder)) await endProcess(left, 'SIGINT');
  rmSync(pidFile, { force: true });
};
