import { Command, InvalidArgumentError } from 'commander';
import { openProgress } from '../../infra/process/progress.js';
import { runSeed } from './run-seed.js';
import { findPlatform } from './surroundings.js';

type Options = Readonly<{ products: number; customers: number; name: string; url?: string; json?: boolean }>;

const wholeNumber = (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 1_000_000)
    throw new InvalidArgumentError('It must be a whole number, 0 to 1000000.');
  return value;
};

const seedName = (text: string) => {
  if (!/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError('It must be 1 to 30 small letters, digits and hyphens between them.');
  return text;
};

await new Command('seed')
  .description('Fills the store of a running platform with products, stock and customers, over its public API.')
  .option('--products <n>', 'how many products, each with stock', wholeNumber, 1_000)
  .option('--customers <n>', 'how many customers', wholeNumber, 1_000)
  .option('--name <name>', 'of the seed: the same one again adds only what is not there yet', seedName, 'seed')
  .option('--url <address>', 'where the gateway listens; read from DATA_DIR/processes.json without it')
  .option('--json', 'print what is there afterwards as JSON')
  .addHelpText(
    'after',
    `
Each customer signs in with an address such as ada.okafor.7@seed.example.org and the password
"password of ada.okafor.7@seed.example.org": seed no platform that strangers can reach.

Environment:
  DATA_DIR                      the platform's folder (.data): tells its address and the first account
  ADMIN_EMAIL, ADMIN_PASSWORD   the first account, where it is not in DATA_DIR/admin.json

Exits with 1 when the platform refuses something or cannot be reached; begin it again to go on.`,
  )
  .action(async ({ products, customers, name, url, json = false }: Options) => {
    const progress = openProgress(process.stderr, () => performance.now());
    try {
      const { gatewayUrl, admin } = findPlatform(url);
      progress.say(`Signing in at ${gatewayUrl}`);
      const seeded = await runSeed({ gatewayUrl, admin, name, products, customers, say: progress.say });
      progress.end();
      const { pieces } = seeded;
      const sentence = `${name}: ${products} products with ${pieces} pieces in stock, ${customers} customers`;
      process.stdout.write(`${json ? JSON.stringify(seeded) : sentence}\n`);
    } catch (error) {
      progress.end();
      process.stderr.write(`The seed failed: ${(error as Error).message}\n`);
      process.exitCode = 1;
    }
  })
  .parseAsync();
