import { Command } from 'commander';
import { checkDatabase, type CheckProgress } from '../log/check.js';
import { createProgress, endProgress } from './progress.js';
import { orRefuse } from './refusal.js';

type Options = Readonly<{ db: string; json?: true }>;

/** `check`: reads a whole file, which a server may have open. */
export const checkCommand = (): Command =>
  new Command('check')
    .description('read the whole database, which a server may have open, and say what is damaged')
    .requiredOption('--db <file>', 'database file')
    .option('--json', 'print the outcome as JSON')
    .action(orRefuse(check));

const check = async ({ db, json }: Options) => {
  const progress = createProgress();
  const show = ({ step, done, total }: CheckProgress) => progress(`${step}: ${done} of ${total}`);
  const report = await checkDatabase(db, show).finally(() => endProgress());
  const { events, streams, findings } = report;
  if (json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
  else if (findings.length === 0)
    process.stdout.write(`${events} events of ${streams} streams are as they were written\n`);
  else process.stdout.write(`${findings.join('\n')}\nRestore a backup\n`);
  if (findings.length > 0) process.exitCode = 1;
};
