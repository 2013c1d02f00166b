import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { findOnPath, intoCache, type Binary, type Program, type Progress } from './binary.js';
import { packageFolder } from './installation.js';

/** A package of a Go module that is committed under `infra/engines/go`, with the sums of all it needs. */
export type GoPackage = Readonly<{ module: string; package: string }>;

/** Folder of a committed Go module. */
export const goModuleFolder = (module: string): string => join(packageFolder, 'infra/engines/go', module);

/**
 * Builds a program from its Go module and puts it into the cache. Takes minutes when Go has built none of it before.
 *
 * @throws Error when there is no Go or the build fails, with the last that Go said.
 */
export const buildWithGo = async (
  program: Program,
  source: GoPackage,
  { env, progress, signal }: { env: NodeJS.ProcessEnv; progress: Progress; signal: AbortSignal },
): Promise<Binary> => {
  const go = findOnPath('go', env);
  if (go === undefined) throw new Error('there is no `go` on PATH');
  progress('building');
  return intoCache(program, env, async (folder) => {
    const binary = join(folder, program.name);
    const args = ['build', '-mod=readonly', '-buildvcs=false', '-trimpath', '-o', binary, source.package];
    await run(go, args, { cwd: goModuleFolder(source.module), env, signal });
    return binary;
  });
};

const run = (
  command: string,
  args: readonly string[],
  { cwd, env, signal }: { cwd: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<void> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    const { pid } = child;
    // The compilers that Go starts inherit this: the platform, which runs meanwhile, comes first.
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
    const endGroup = () => {
      if (pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL');
    };
    signal.addEventListener('abort', endGroup, { once: true });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', endGroup);
      if (code === 0) resolve();
      else reject(new Error(`go build: ${said.trim().split('\n').at(-1) ?? `code ${code ?? '?'}`}`));
    });
  });
