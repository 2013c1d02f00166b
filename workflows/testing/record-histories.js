/**
 * Records a history of every path of the workflows that has none, on the real engines; with `--again` of all paths.
 * Plain JavaScript that runs the TypeScript beside it: histories are of the workflows as they are written.
 */
import { register } from 'node:module';
import { join } from 'node:path';

register('../../infra/build/typescript-hooks.js', import.meta.url);
const { recordAll } = await import('./record-all.ts');

const [option] = process.argv.slice(2);
if (option !== undefined && option !== '--again') {
  console.error('npm run histories, or npm run histories -- --again');
  process.exit(1);
}
if (option === '--again')
  console.log('The histories of before go: make sure that workflows that went these paths have ended, or patch first.');
try {
  const files = await recordAll(join(import.meta.dirname, '../..'), option === '--again');
  files.forEach((file) => console.log(`Recorded ${file}`));
  if (files.length === 0) console.log('Every path has its history.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
