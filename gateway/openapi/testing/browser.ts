import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, findOnPath } from '../../../infra/engines/binary.js';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

/** A Chromium that is built for servers and comes as a package; for Linux. */
const packaged = { name: '@sparticuz/chromium', version: '153.0.0' };

/**
 * The path of a Chromium: one on the PATH, else the one that a package of the registry brings, kept beside the engines.
 *
 * @throws Error that says what to do where there is neither.
 */
export const browserPath = async (): Promise<string> => {
  for (const name of names) {
    const found = findOnPath(name, process.env);
    if (found !== undefined) return found;
  }
  const folder = join(dirname(cacheFolder(process.env)), `chromium-${packaged.version}`);
  const manifest = join(folder, 'node_modules', packaged.name, 'package.json');
  try {
    if (!existsSync(manifest)) await install(folder);
    const unpack = `import chromium from '${packaged.name}'; process.stdout.write(await chromium.executablePath());`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', unpack], { cwd: folder });
    return stdout;
  } catch (error) {
    throw new Error(`Install Chromium, as chromium on the PATH: ${packaged.name} could not be had`, { cause: error });
  }
};

const install = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const silently = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', '--prefix', folder, ...silently, `${packaged.name}@${packaged.version}`]);
};

const run = promisify(execFile);
