import { writeFile } from 'node:fs/promises';
import { describedFiles } from './described-files.js';

for (const [path, text] of Object.entries(await describedFiles())) {
  await writeFile(path, text);
  process.stdout.write(`Wrote ${path}\n`);
}
