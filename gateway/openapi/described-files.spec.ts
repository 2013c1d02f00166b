import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describedFiles } from './described-files.js';

const root = join(import.meta.dirname, '../..');

it('are as the routes say now: npm run openapi makes them anew', async () => {
  for (const [path, text] of Object.entries(await describedFiles()))
    expect((await readFile(join(root, path), 'utf8')) === text ? path : `${path} is out of date`).toBe(path);
});
