/**
 * Builds `dist/` from the TypeScript sources: swc strips the types of every file, in place, without looking at
 * another. The workflow bundle is made last, from what was built. Plain JavaScript, since nothing is built before it.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { transformFile } from '@swc/core';

const root = join(import.meta.dirname, '../..');
const rooms = ['domains', 'projections', 'workflows', 'gateway', 'infra'];
const isTest = /\.(spec|int|e2e)\.ts$/;

const stamp = join(root, 'dist/.built');
const wanted = await sourcesHash();
if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) process.exit(0);

await rm(join(root, 'dist'), { recursive: true, force: true });
await Promise.all(rooms.map(buildRoom));
const { bundleWorkflows } = await import(join(root, 'dist/infra/temporal/bundle-workflows.js'));
await bundleWorkflows();
await writeFile(stamp, wanted);

/** Tells whether anything that goes into `dist/` has changed since it was built. */
async function sourcesHash() {
  const hash = createHash('sha256');
  for (const room of rooms) {
    for (const name of (await readdir(join(root, room), { recursive: true })).sort()) {
      if (name.endsWith('.ts') && !isTest.test(name)) hash.update(name).update(await readFile(join(root, room, name)));
    }
  }
  for (const name of ['.swcrc', 'package-lock.json', 'infra/build/build.js'])
    hash.update(await readFile(join(root, name)));
  return hash.digest('hex');
}

async function buildRoom(room) {
  const names = await readdir(join(root, room), { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts') && !isTest.test(name));
  await Promise.all(sources.map((name) => buildFile(join(room, name))));
}

async function buildFile(path) {
  const { code, map } = await transformFile(join(root, path), { sourceFileName: join(root, path) });
  const target = join(root, 'dist', path.replace(/\.ts$/, '.js'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, `${code}\n//# sourceMappingURL=${path.replace(/^.*\//, '').replace(/\.ts$/, '.js.map')}\n`);
  await writeFile(`${target}.map`, map);
}
