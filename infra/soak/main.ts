import { Argument, Command, InvalidArgumentError } from 'commander';
import { openProgress } from '../process/progress.js';
import { soakAudit } from './audit.js';
import { soakCommands } from './commands.js';
import { soakEventStore } from './event-store.js';
import { soakGateway } from './gateway.js';
import { soakOrders } from './orders.js';
import { soakProjections } from './projections.js';
import { soakSagaMatrix } from './saga-matrix.js';
import type { Soak } from './soak.js';

/** Each with how often it goes on unless that is said. */
const soaks: Readonly<Record<string, Readonly<{ soak: Soak; rounds: number }>>> = {
  audit: { soak: soakAudit, rounds: 100 },
  commands: { soak: soakCommands, rounds: 1_000 },
  'event-store': { soak: soakEventStore, rounds: 1_000 },
  gateway: { soak: soakGateway, rounds: 5 },
  orders: { soak: soakOrders, rounds: 1_000 },
  projections: { soak: soakProjections, rounds: 500 },
  'saga-matrix': { soak: soakSagaMatrix, rounds: 1 },
};

const wholeNumber = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 2 ** 31 - 1)
    throw new InvalidArgumentError('It must be a whole number, 1 to 2147483647.');
  return value;
};

type Options = Readonly<{ rounds?: number; orders?: number; minutes?: number; json?: true; seed: number }>;

const command = new Command('soak');

await command
  .description('Puts a part of the platform to the test for long. Exits with 1 when it fails, and says what was lost.')
  .addArgument(new Argument('[name]', 'what to test; orders where --orders is given').choices(Object.keys(soaks)))
  .option('--rounds <n>', 'how often (1000 times; projections 500, audit 100, gateway 5, saga-matrix 1)', wholeNumber)
  .option('--orders <n>', 'how many orders, each of which is a round (1000)', wholeNumber)
  .option('--minutes <n>', 'how long the gateway is used, each minute of which is a round (5)', wholeNumber)
  .option('--json', 'prints the figures of the gateway as JSON')
  .option('--seed <n>', 'repeats the choices of an earlier run', wholeNumber, 1 + (Date.now() % 1_000_000_000))
  .action(async (given: string | undefined, { rounds, orders, minutes, json, seed }: Options) => {
    const name = given ?? (orders === undefined ? '' : 'orders');
    const known = soaks[name];
    if (!known) return command.error(`error: say what to test: ${Object.keys(soaks).join(', ')}`);
    if (orders !== undefined && name !== 'orders') command.error(`error: --orders is for orders, not for ${name}`);
    if ((minutes !== undefined || json) && name !== 'gateway')
      command.error(`error: --minutes and --json are for gateway, not for ${name}`);
    const options = { rounds: orders ?? minutes ?? rounds ?? known.rounds, seed, isJson: json ?? false };
    const progress = openProgress(process.stderr, () => performance.now());
    try {
      progress.say(`seed ${options.seed}`);
      await known.soak(options, progress.say, (line) => process.stdout.write(`${line}\n`));
      progress.end();
      const verdict = `${name}: ${options.rounds} rounds, seed ${options.seed}: nothing was lost\n`;
      (options.isJson ? process.stderr : process.stdout).write(verdict);
    } catch (error) {
      progress.end();
      process.stderr.write(`${name} failed, seed ${options.seed}: ${(error as Error).message}\n`);
      process.exitCode = 1;
    }
  })
  .parseAsync();
