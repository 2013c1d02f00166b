/**
 * `check` compares the events with their golden files and exits with 1 where something is wrong; `write` adds golden
 * files that are missing. Plain JavaScript that runs the TypeScript beside it: it works where nothing has been built.
 */
import { register } from 'node:module';
import { join } from 'node:path';

register('../build/typescript-hooks.js', import.meta.url);
const { goldenProblems, writeMissing } = await import('./golden-files.ts');

const root = join(import.meta.dirname, '../..');
const commands = {
  check: async () => {
    const problems = await goldenProblems(root);
    problems.forEach((problem) => console.error(problem));
    if (problems.length > 0) process.exitCode = 1;
  },
  write: async () => (await writeMissing(root)).forEach((path) => console.log(`Wrote ${path}`)),
};

const command = commands[process.argv[2]];
if (!command) throw new Error(`Say one of: ${Object.keys(commands).join(', ')}`);
try {
  await command();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
