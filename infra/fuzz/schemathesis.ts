import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../engines/binary.js';
import { packageFolder } from '../engines/installation.js';

const requirements = join(packageFolder, 'infra/fuzz/requirements.txt');

/**
 * Runs Schemathesis in a folder, and says whether it found nothing. What it says goes where ours goes.
 *
 * @throws Error where it did not run to its end.
 */
export type Schemathesis = (
  args: readonly string[],
  options: Readonly<{ folder: string; env: Readonly<Record<string, string>> }>,
) => Promise<boolean>;

/** There is no Python to run Schemathesis with; a sentence that says what to do. */
export class NoPython extends Error {}

/**
 * Schemathesis in a Python environment of its own, made once beside the downloaded engines from pinned packages.
 *
 * @throws NoPython; Error with a sentence that says what to do, where it cannot be installed.
 */
export const obtainSchemathesis = async (say: (text: string) => void): Promise<Schemathesis> => {
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16);
  const folder = join(dirname(cacheFolder(process.env)), `schemathesis-${wanted}`);
  if (!existsSync(join(folder, complete))) await install(folder, say);
  return async (args, { folder: cwd, env }) => {
    const child = spawn(join(folder, 'bin/schemathesis'), args, {
      cwd,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0 && code !== found) throw new Error(`Schemathesis ended with ${code ?? 'a signal'}`);
    return code === 0;
  };
};

/** The exit code of a run that found something. */
const found = 1;

/** Written last: a folder without it was left half made. */
const complete = 'complete';

const install = async (folder: string, say: (text: string) => void): Promise<void> => {
  await refuseOldPython();
  say(`Installing Schemathesis into ${folder}`);
  await mkdir(dirname(folder), { recursive: true });
  await run('python3', ['-m', 'venv', '--clear', folder], 'Install the venv module of Python (Debian: python3-venv)');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await run(
    join(folder, 'bin/python'),
    [...pip, '--require-hashes', '--requirement', requirements],
    'Let pip reach a package index (PIP_INDEX_URL, or a pip.conf)',
  );
  await writeFile(join(folder, complete), '');
};

const refuseOldPython = async () => {
  const version = ['-c', 'import sys; print(sys.version_info >= (3, 11))'];
  const { stdout } = await promisify(execFile)('python3', version).catch((cause: unknown) => {
    throw new NoPython(needsPython, { cause });
  });
  if (stdout.trim() !== 'True') throw new NoPython(needsPython);
};

const needsPython = 'Install Python 3.11 or newer, as python3 on the PATH';

const run = async (command: string, args: readonly string[], advice: string) => {
  try {
    await promisify(execFile)(command, args);
  } catch (error) {
    throw new Error(`${advice}: ${lastLine((error as Error).message)}`, { cause: error });
  }
};

/** Of what a command said; pip says there why it gave up. */
const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
