import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { quoted } from '../security/exposure.js';
import { hashPassword } from '../security/passwords.js';
import { refuseUnusableName, UnusableCredentials } from '../security/credentials.js';
import { UnusableDatabase } from '../log/unusable-database.js';
import { withUsers } from '../log/users-of-file.js';
import { readPassword } from './password-input.js';
import { orRefuse } from './refusal.js';

type FileOption = Readonly<{ db: string }>;

/** `users set`, `users remove` and `users list`, beside a server that runs or without one. */
export const usersCommand = (): Command =>
  new Command('users')
    .description('who may use the server once it has TLS')
    .addCommand(
      withFile('set', 'add a user or change the password, which is read from standard input or asked for')
        .argument('<name>', 'name of the user')
        .action(orRefuse(set)),
    )
    .addCommand(
      withFile('remove', 'remove a user; what the user has open ends within a second')
        .argument('<name>', 'name of the user')
        .action(orRefuse(remove)),
    )
    .addCommand(withFile('list', 'list the users').option('--json', 'as JSON').action(orRefuse(list)));

const withFile = (name: string, description: string) =>
  new Command(name).description(description).requiredOption('--db <file>', 'database file');

const set = async (name: string, { db }: FileOption) => {
  refuseUnusableName(name);
  const hash = await hashPassword(await readPassword(name));
  withUsers(db, (users) => users.set(name, hash));
  process.stdout.write(`user ${name} is set\n`);
};

const remove = (name: string, { db }: FileOption) => {
  refuseMissing(db);
  if (!withUsers(db, (users) => users.remove(name)))
    throw new UnusableCredentials(
      `There is no user ${name} in ${db}: see evermart-eventstore users list --db ${quoted(db)}`,
    );
  process.stdout.write(`user ${name} is removed\n`);
};

const list = ({ db, json }: FileOption & Readonly<{ json?: true }>) => {
  refuseMissing(db);
  const names = withUsers(db, (users) => users.names());
  if (json === true) process.stdout.write(`${JSON.stringify(names.map((name) => ({ name })))}\n`);
  else process.stdout.write(names.length === 0 ? 'there are no users\n' : `${names.join('\n')}\n`);
};

const refuseMissing = (file: string) => {
  if (!existsSync(file)) throw new UnusableDatabase(`There is no database ${file}`);
};
