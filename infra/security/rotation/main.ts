import { Command } from 'commander';
import { isDomainError } from '../../../domains/shared/errors.js';
import { ConfigError } from '../../config.js';
import { createPostgres, reachingPostgres } from '../../postgres/postgres.js';
import { retireCommand, rotateCommand, statusCommand } from './commands.js';
import { RotationRefused } from './refusal.js';
import {
  retireLeakedCommand,
  retireSigningCommand,
  rotateSigningCommand,
  signingStatusCommand,
} from './signing-commands.js';
import { findKeys } from './surroundings.js';

const variables = `
Environment:
  MASTER_KEY        the present master key; read from DATA_DIR/master.key where it is not set
  NEW_MASTER_KEY    the next one, 64 hexadecimal digits; made and kept in DATA_DIR where it is not set (rotate)
  POSTGRES_URL      where the keys are; found by DATA_DIR where the platform runs
  DATA_DIR          folder of all durable files (.data)`;

/** A batch of many keys on a busy server may take its time, and nobody else waits for it. */
const withinMs = 600_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);

type Given = Parameters<typeof rotateCommand>[0];

const run = async (command: (given: Given) => Promise<void>): Promise<void> => {
  try {
    const keys = findKeys(process.env);
    const postgres = createPostgres(keys.postgresUrl, 2, withinMs);
    try {
      await reachingPostgres(() => command({ postgres, keys, say }));
    } finally {
      await postgres.end();
    }
  } catch (error) {
    const isForPeople = error instanceof RotationRefused || error instanceof ConfigError || isDomainError(error);
    if (!isForPeople) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
};

const program = new Command('keys')
  .description(
    'Changes the master key, and the keys that sign access tokens, while the platform runs. It may be stopped at any point and called again.',
  )
  .addHelpText('after', variables);
program
  .command('rotate')
  .description('wraps all keys anew; the old master key and the new one both work until retire')
  .action(() => run(rotateCommand));
program
  .command('retire')
  .description('takes the keys from the old master key, once every process runs with the new one')
  .action(() => run(retireCommand));
program
  .command('status')
  .description('how the keys are wrapped, by fingerprints')
  .option('--json', 'as JSON')
  .action(({ json = false }: { json?: boolean }) => run((given) => statusCommand(given, json)));

const signing = program.command('signing').description('changes the keys that sign access tokens');
signing
  .command('rotate')
  .description('publishes a new key; it signs ten minutes later, once everybody knows it')
  .action(() => run(rotateSigningCommand));
signing
  .command('retire')
  .description('drops the keys of before, once everything that they signed has expired')
  .option('--leaked <kid>', 'drops this key at once instead: its access tokens have to be refreshed')
  .action(({ leaked }: { leaked?: string }) =>
    run(leaked === undefined ? retireSigningCommand : (given) => retireLeakedCommand(given, leaked)),
  );
signing
  .command('status')
  .description('which keys there are, and since when they sign')
  .option('--json', 'as JSON')
  .action(({ json = false }: { json?: boolean }) => run((given) => signingStatusCommand(given, json)));
await program.parseAsync();
