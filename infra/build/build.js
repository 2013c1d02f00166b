/**
 * Builds `dist/` from the TypeScript sources: swc strips the types of every file, in place, without looking at
 * another. The workflow bundle is made last, from what was built. Plain JavaScript, since nothing is built before it.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { transformFile } from '@swc/core';

const root = join(import.meta.dirname, '../..');
const rooms = ['domains', 'projections', 'workflows', 'gateway', 'infra'];
const isTest = /\.(spec|int|e2e)\.ts$/;
const isSource = (name) => /\.tsx?$/.test(name) && !isTest.test(name);
/** What browsers are given as it is. */
const isAsset = (name) => /\.(css|svg)$/.test(name);

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
      if (isSource(name) || isAsset(name)) hash.update(name).update(await readFile(join(root, room, name)));
    }
  }
  for (const name of ['.swcrc', 'package-lock.json', 'infra/build/build.js'])
    hash.update(await readFile(join(root, name)));
  return hash.digest('hex');
}

async function buildRoom(room) {
  const names = await readdir(join(root, room), { recursive: true });
  await Promise.all(names.filter(isSource).map((name) => buildFile(join(room, name))));
  await Promise.all(names.filter(isAsset).map((name) => copyAsset(join(room, name))));
}

async function buildFile(path) {
  const { code, map } = await transformFile(join(root, path), { sourceFileName: join(root, path), ...jsxOf(path) });
  const target = join(root, 'dist', path.replace(/\.tsx?$/, '.js'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
  await writeFile(`${target}.map`, map);
}

/** JSX is read in `.tsx` only: elsewhere `<` begins a type. */
function jsxOf(path) {
  return path.endsWith('.tsx') && { jsc: { parser: { syntax: 'typescript', tsx: true, decorators: true } } };
}

async function copyAsset(path) {
  const target = join(root, 'dist', path);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(join(root, path), target);
}
