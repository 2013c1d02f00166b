import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { validate as isUuid } from 'uuid';
import { isDomainError } from '../../domains/shared/errors.js';
import { ConfigError, readConfig } from '../config.js';
import { findPostgresUrl } from '../engines/postgres-url.js';
import { createPostgres } from '../postgres/postgres.js';
import { createParkedEvents, type Choice, type ParkedEvent, type ParkedEvents } from './parked-events.js';

const notes = `
A relay parks an event that it cannot hand over, such as one whose policy fails each time by a fault of ours.

Environment:
  POSTGRES_URL   where relays keep their place; found by DATA_DIR where the platform runs
  DATA_DIR       folder of all durable files (.data)`;

type Options = Readonly<{ relay?: string; json?: boolean; all?: boolean }>;

const say = (line: string) => void process.stdout.write(`${line}\n`);

const refuse = (sentence: string) => {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
};

const run = async (work: (parked: ParkedEvents) => Promise<void>): Promise<void> => {
  const postgres = createPostgres(findPostgresUrl(process.env, readConfig().DATA_DIR), 1);
  try {
    await work(createParkedEvents(postgres));
  } finally {
    await postgres.end();
  }
};

const list = ({ relay, json }: Options) =>
  run(async (parked) => {
    const events = await parked.list({ events: [], relay });
    if (json) say(JSON.stringify(events, null, 2));
    else say(events.length === 0 ? 'No event is parked.' : tableOf(events));
  });

const tableOf = (events: readonly ParkedEvent[]): string => {
  const table = new Table({ head: ['relay', 'event', 'stream', 'refused by', 'code', 'parked at', ''] });
  for (const { relay, eventId, stream, reaction, code, parkedAt, retryAt } of events)
    table.push([relay, eventId, stream, reaction, code, parkedAt.toISOString(), retryAt ? 'to be retried' : '']);
  return table.toString();
};

/** Nothing is done with all events because somebody forgot to say with which. */
const change = (
  done: string,
  work: (parked: ParkedEvents, choice: Choice) => Promise<number>,
): ((events: readonly string[], options: Options) => Promise<void>) => {
  return async (events, { relay, json, all }) => {
    if (events.length === 0 && relay === undefined && !all) {
      refuse('Name events, a --relay, or --all');
      return;
    }
    await run(async (parked) => {
      const count = await work(parked, { events, relay });
      if (json) say(JSON.stringify({ count }));
      else say(`${count} ${count === 1 ? 'event' : 'events'} ${done}`);
      if (count === 0) process.exitCode = 1;
    });
  };
};

const eventId = (text: string, before: readonly string[] = []): readonly string[] => {
  if (!isUuid(text)) throw new InvalidArgumentError('It must be the id of an event, a UUID.');
  return [...before, text];
};

const program = new Command('npm run parked --')
  .description('Shows the events that relays could not hand over, and has them handed over again.')
  .addHelpText('after', notes);

program
  .command('list')
  .description('the events that are parked, the oldest first')
  .option('--relay <name>', 'only those of one relay')
  .option('--json', 'as JSON')
  .action(list);

const changing = (name: string, description: string) =>
  program
    .command(name)
    .description(`${description}; exits with 1 where there is none`)
    .argument('[events...]', 'their ids', eventId, [])
    .option('--relay <name>', 'only those of one relay, which those without a relay then count for')
    .option('--all', 'all that are parked')
    .option('--json', 'as JSON');
changing('retry', 'has the relays that run hand events over again').action(
  change('will be handed over again by the relays that run', (parked, choice) => parked.retry(choice)),
);
changing('discard', 'forgets events: what they should have led to never happens').action(
  change('forgotten', (parked, choice) => parked.discard(choice)),
);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ConfigError) && !isDomainError(error)) throw error;
  refuse(error.message);
}
