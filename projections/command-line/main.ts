import { Command } from 'commander';
import { DomainError, isDomainError } from '../../domains/shared/errors.js';
import { ConfigError, readConfig } from '../../infra/config.js';
import { findReadSideUrls } from '../../infra/engines/engine-urls.js';
import { createEventStore } from '../../infra/event-store/event-store.js';
import { createMongo } from '../../infra/mongo/mongo.js';
import { createPostgres } from '../../infra/postgres/postgres.js';
import { openProgress } from '../../infra/process/progress.js';
import { shown } from '../runner/operations-bus.js';
import { createOperations, type Operations } from '../runner/operations.js';
import { createViewBuilds } from '../runner/view-builds.js';
import type { ProjectionStatus } from '../shared/projection-status.js';
import { views } from '../views.js';
import { followBuild, isReadyToSwitch } from './follow-build.js';
import { comparisonSentence, tableOfParked, tableOfViews } from './tables.js';

const notes = `
It works on the databases: what is asked for is done by the projections that run, or when they run again.

Environment:
  POSTGRES_URL, MONGODB_URL, EVENTSTORE_URL   found by DATA_DIR where the platform runs
  DATA_DIR                                    folder of all durable files (.data)`;

type Options = Readonly<{ json?: boolean }>;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const sayJson = (value: unknown) => say(JSON.stringify(value, null, 2));

const run = async (work: (operations: Operations) => Promise<void>): Promise<void> => {
  const urls = findReadSideUrls(process.env, readConfig().DATA_DIR);
  const postgres = createPostgres(urls.POSTGRES_URL);
  const mongo = createMongo(urls.MONGODB_URL);
  const eventStore = createEventStore(urls.EVENTSTORE_URL);
  try {
    await work(createOperations({ builds: createViewBuilds(views, { postgres, mongo }), postgres, eventStore }));
  } finally {
    await Promise.all([postgres.end(), mongo.close(), eventStore.dispose()]);
  }
};

const list = ({ json }: Options) =>
  run(async (operations) => {
    const all = await operations.list();
    if (json) sayJson(all);
    else say(tableOfViews(all));
  });

const rebuild = (name: string, { json }: Options) =>
  run(async (operations) => {
    const build = numberOf((await operations.rebuild(name)).builds?.aside);
    const status = await follow(operations, { name, build, isDone: isReadyToSwitch });
    if (json) sayJson(status);
    else say(rebuiltSentences(build, status));
  });

const rebuiltSentences = (build: number, { name, progress }: ProjectionStatus): string => {
  if (!progress) return servesNow(name, build);
  const compared = progress.comparison
    ? comparisonSentence(progress.comparison)
    : 'It is of another version than the build that serves, so the two are not compared.';
  const next = `npm run projections -- switch ${name}   lets it serve\nnpm run projections -- drop ${name}     drops it`;
  return `${name}: build ${build} has caught up. ${compared}\n${next}`;
};

/** `switch` and `rollback`: waits until the other build serves. */
const serve =
  (change: 'switch' | 'rollback') =>
  (name: string, { json }: Options) =>
    run(async (operations) => {
      const asked = await operations[change](name);
      const build = numberOf(asked.builds?.aside ?? asked.builds?.live);
      const status = await follow(operations, { name, build });
      if (json) sayJson(status);
      else say(servesNow(name, build));
    });

const servesNow = (name: string, build: number) => `${name}: build ${build} serves now.`;

const follow = async (
  operations: Operations,
  { name, build, isDone }: Readonly<{ name: string; build: number; isDone?: typeof isReadyToSwitch }>,
): Promise<ProjectionStatus> => {
  const progress = openProgress(process.stderr, () => performance.now());
  const look = async () => viewIn(await operations.list(), name);
  process.once('SIGINT', () => {
    progress.end();
    process.stderr.write('It goes on without you: npm run projections -- list shows how far it is.\n');
    process.exit(130);
  });
  try {
    return await followBuild(build, { look, say: progress.say, ...(isDone ? { isDone } : {}) });
  } finally {
    progress.end();
  }
};

const viewIn = (all: readonly ProjectionStatus[], name: string): ProjectionStatus => {
  const found = all.find((each) => each.name === name);
  if (!found) throw new DomainError('projection.not_found', `There is no view ${name}`);
  return found;
};

const numberOf = (build: number | null | undefined): number => {
  if (typeof build !== 'number') throw new DomainError('projection.not_ready', 'The build was dropped meanwhile');
  return build;
};

const drop = (name: string, { json }: Options) =>
  run(async (operations) => {
    const status = await operations.drop(name);
    if (json) sayJson(status);
    else say(`${name}: the build that does not serve was dropped.`);
  });

const parked = (name: string, { json }: Options) =>
  run(async (operations) => {
    const events = (await operations.parked(name, {})).map(shown);
    if (json) sayJson(events);
    else say(events.length === 0 ? `No event is parked in ${name}.` : tableOfParked(events));
  });

const request =
  (which: 'retry' | 'discard') =>
  (name: string, key: string, { json }: Options) =>
    run(async (operations) => {
      await operations.request(name, key, which);
      const what = which === 'retry' ? 'applied again' : 'forgotten';
      if (json) sayJson({ key, request: which });
      else say(`The parked events of ${key} will be ${what} by the projections that run.`);
    });

const program = new Command('npm run projections --')
  .description('Shows the views, builds them anew beside those that serve, and attends to their parked events.')
  .addHelpText('after', notes);

const command = (name: string, description: string) =>
  program.command(name).description(description).option('--json', 'as JSON');
const onView = (name: string, description: string) => command(name, description).argument('<name>', 'of the view');
const onKey = (name: string, description: string) =>
  onView(name, description).argument('<key>', 'of the parked events');

command('list', 'the views, and how they get on').action(list);
onView('rebuild', 'builds a view anew, aside, and compares it with the one that serves').action(rebuild);
onView('switch', 'lets the build that was made aside serve').action(serve('switch'));
onView('rollback', 'lets the build serve that served before').action(serve('rollback'));
onView('drop', 'drops the build that is made aside, or else the one that served before').action(drop);
onView('parked', 'the events that could not be applied, with those that wait for them').action(parked);
onKey('retry', 'has the parked events of a key applied again').action(request('retry'));
onKey('discard', 'forgets the parked events of a key: the view never shows them').action(request('discard'));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ConfigError) && !isDomainError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
