import { Command } from 'commander';
import { runDemo } from './run-demo.js';

type Options = Readonly<{ url?: string; json?: boolean }>;

await new Command('demo')
  .description(
    'Places orders that end in every way, against the platform that npm start runs, and shows that nothing was lost.',
  )
  .option('--url <address>', 'where the gateway listens; read from DATA_DIR/processes.json without it')
  .option('--json', 'print the outcomes as JSON')
  .addHelpText(
    'after',
    `
Environment:
  DATA_DIR                      the platform's folder (.data): tells the addresses and the first account
  ADMIN_EMAIL, ADMIN_PASSWORD   the first account, where it is not in DATA_DIR/admin.json

Exits with 1 when an order ends in another way than it should, or a sum does not balance.`,
  )
  .action(async (options: Options) => {
    process.exitCode = (await runDemo(options)) ? 0 : 1;
  })
  .parseAsync();
