import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { backupCommand } from './command-line/backup.js';
import { checkCommand } from './command-line/check.js';
import { scavengeCommand } from './command-line/scavenge.js';
import { startCommand } from './command-line/start.js';
import { usersCommand } from './command-line/users.js';

// A filter's expression must not hold up the server: V8 begins to search linearly when one backtracks too much.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

const start = startCommand();

await new Command('evermart-eventstore')
  .description("An event store in one file that speaks EventStoreDB's gRPC protocol.")
  .addCommand(start, { isDefault: true })
  .addCommand(usersCommand())
  .addCommand(backupCommand())
  .addCommand(scavengeCommand())
  .addCommand(checkCommand())
  .addHelpText('after', () => `\nWithout a command:\n${start.helpInformation()}`)
  .parseAsync();
