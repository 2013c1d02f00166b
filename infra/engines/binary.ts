import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { identify } from './process-identity.js';

/** Tells what is going on while a binary is being had: `downloading`, `building`, and a detail such as "40 %". */
export type Progress = (state: 'downloading' | 'building', detail?: string) => void;

/** What an engine's program is called where; `version` is the one that is downloaded or built. */
export type Program = Readonly<{
  name: string;
  version: string;
  /** The executable on PATH that is the same program; none where another program bears the name. */
  onPath?: string;
  versionArgs: readonly string[];
}>;

export type Binary = Readonly<{ path: string; version: string }>;

/** Folder of the downloaded and built programs; `EVERMART_CACHE_DIR` moves it. */
export const cacheFolder = (env: NodeJS.ProcessEnv): string =>
  join(env.EVERMART_CACHE_DIR ?? join(env.HOME ?? '/tmp', '.cache/evermart'), 'engines');

/** Where a program of this version for this machine lies in the cache, once it is there. */
export const cachedPath = ({ name, version }: Program, env: NodeJS.ProcessEnv): string =>
  join(cacheFolder(env), `${name}-${version}-${process.platform}-${process.arch}`);

/** The program on PATH, else in the cache; null when it is in neither. */
export const findBinary = (program: Program, env: NodeJS.ProcessEnv): Binary | null => {
  const onPath = program.onPath === undefined ? undefined : findOnPath(program.onPath, env);
  if (onPath !== undefined) return { path: onPath, version: 'on PATH' };
  const cached = cachedPath(program, env);
  return isExecutable(cached) ? { path: cached, version: program.version } : null;
};

/** Full path of a command, looked up as a shell would; undefined when there is none. */
export const findOnPath = (command: string, env: NodeJS.ProcessEnv): string | undefined =>
  (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find(isExecutable);

/**
 * Puts a program into the cache. `make` gets an empty folder and gives the path of the finished binary in it; the
 * binary is tried out and then renamed, so the cache never holds a half of one.
 *
 * @throws what `make` throws, or an Error when the binary does not run on this machine.
 */
export const intoCache = async (
  program: Program,
  env: NodeJS.ProcessEnv,
  make: (folder: string) => Promise<string>,
): Promise<Binary> => {
  const cache = cacheFolder(env);
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const folder = await mkdtemp(join(cache, `partial-${process.pid}-`));
  try {
    const made = await make(folder);
    await chmod(made, 0o755);
    await promisify(execFile)(made, [...program.versionArgs], { timeout: 30_000 });
    const path = cachedPath(program, env);
    await rename(made, path);
    return { path, version: program.version };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const removeAbandoned = async (cache: string) => {
  for (const name of await readdir(cache)) {
    const owner = /^partial-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && identify(Number(owner)) === null)
      await rm(join(cache, name), { recursive: true, force: true });
  }
};

const isExecutable = (path: string) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
