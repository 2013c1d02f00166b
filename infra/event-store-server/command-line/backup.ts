import { once } from 'node:events';
import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Command } from 'commander';
import { createProgress, endProgress } from './progress.js';
import { orRefuse } from './refusal.js';

type Options = Readonly<{ db: string; to: string; json?: true }>;

/** `backup`: a consistent copy of a file, which a server may have open. */
export const backupCommand = (): Command =>
  new Command('backup')
    .description('copy the database, which a server may have open, into one complete file')
    .requiredOption('--db <file>', 'database file')
    .requiredOption('--to <file>', 'the copy; there must be no such file yet')
    .option('--json', 'print the outcome as JSON')
    .action(orRefuse(backup));

const backup = async ({ db, to, json }: Options) => {
  const progress = createProgress();
  const timer = setInterval(
    () => progress(`${mebibytes(sizeOf(`${to}.part`))} of about ${mebibytes(sizeOf(db))}`),
    250,
  );
  try {
    // On a thread of its own: SQLite copies in one go.
    await once(
      new Worker(new URL('../log/backup-thread.js', import.meta.url), { workerData: { file: db, copy: to } }),
      'exit',
    );
  } finally {
    clearInterval(timer);
    endProgress();
  }
  const bytes = sizeOf(to);
  process.stdout.write(json === true ? `${JSON.stringify({ file: to, bytes })}\n` : `${to} has ${mebibytes(bytes)}\n`);
};

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const mebibytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
