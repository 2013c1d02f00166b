import { Command, Option } from 'commander';
import { check } from '../../../infra/audit-log/offline/check-command.js';
import { outcomes } from '../../../infra/audit-log/offline/conclusion.js';
import type { Desk } from './desk.js';
import { exportBundle } from './export-command.js';
import { replay } from './replay-command.js';
import { showEvents, showState, showStream } from './read-commands.js';
import { verify } from './verify-command.js';

const notes = `
It goes through the public API: every read is an event in the stream of whoever reads.

Environment:
  DATA_DIR                             the platform's folder (.data): tells its address and the first account
  EVERMART_EMAIL, EVERMART_PASSWORD    in whose name to read; the first account without them
  ADMIN_EMAIL, ADMIN_PASSWORD          the first account, where it is not in DATA_DIR/admin.json`;

/**
 * The command line. Parsing throws CommanderError for what nobody understands, after it has said so and has left with a
 * code that means no difference, and whatever the commands throw.
 */
export const auditProgram = (desk: Desk): Command => {
  const program = new Command('npm run audit --')
    .description('Reads the record, goes back in time, verifies that nobody has touched it, and takes signed copies.')
    .addHelpText('after', notes)
    .exitOverride((error) => {
      desk.leave(error.exitCode === 0 ? 0 : outcomes.notKnown);
      throw error;
    });
  addReading(program, desk);
  addReplay(program, desk);
  addVerify(program, desk);
  addExport(program, desk);
  addCheck(program, desk);
  return program;
};

const command = (program: Command, name: string, description: string, examples: readonly string[]) =>
  program
    .command(name)
    .description(description)
    .option('--json', 'as JSON')
    .option('--url <address>', 'where the gateway listens; read from DATA_DIR/processes.json without it')
    .addHelpText('after', `\nExamples:\n${examples.map((each) => `  npm run audit -- ${each}`).join('\n')}`);

const addReading = (program: Command, desk: Desk) => {
  command(program, 'stream', 'the events of a stream', [
    'stream order-7b1e9d02',
    'stream order-7b1e9d02 --backwards --limit 5',
  ])
    .argument('<stream>', 'its name: the category, a hyphen and an id')
    .option('--from <revision>', 'where to begin')
    .option('--limit <n>', 'how many at most')
    .option('--backwards', 'the latest first')
    .action(showStream(desk));

  command(program, 'events', 'the events of all streams, each in a line as it comes; with --json as NDJSON', [
    'events --category order --from 2026-01-01T00:00:00Z --to 2026-02-01T00:00:00Z',
    'events --type OrderPlaced --json > placed.ndjson',
    'events --correlation 3c0ad1c2-5a53-5a55-8e0f-5a2b7b1c9f11',
    'events --json --after 4711 >> all.ndjson',
  ])
    .option('--category <name>', 'only streams of this category')
    .option('--type <name>', 'only events of this type')
    .option('--actor <id>', 'only what this person, or part of the platform such as (saga), caused')
    .option('--correlation <id>', 'only what one request led to')
    .option('--from <instant>', 'only what was stored then or later')
    .option('--to <instant>', 'only what was stored before')
    .option('--after <position>', 'goes on after the event at this position')
    .action(showEvents(desk));

  command(program, 'state', 'what an aggregate was at a point in time, by default now', [
    'state order-7b1e9d02 --revision 3',
    'state order-7b1e9d02 --at 2026-01-31T09:30:00Z',
    'state order-7b1e9d02 --revision 5 --against 2',
  ])
    .argument('<stream>', 'its stream')
    .option('--revision <n>', 'after the event with this number')
    .addOption(new Option('--at <instant>', 'after all that was stored until then').conflicts('revision'))
    .option('--against <point>', 'also what has changed since a revision or an instant')
    .action(showState(desk));
};

const addReplay = (program: Command, desk: Desk) =>
  command(program, 'replay', 'builds a view as it was, aside, and compares it with the one that serves', [
    'replay orders --at 2026-01-31T09:30:00Z',
    'replay stock --at 4711',
    'replay --list',
    'replay --rows 5f0c',
    'replay --drop 5f0c',
  ])
    .argument('[view]', 'its name')
    .option('--at <point>', 'a position, or an instant')
    .option('--list', 'the replays that are kept')
    .option('--rows <id>', 'the rows of a replay; with --json one a line')
    .option('--drop <id>', 'drops a replay')
    .action(replay(desk));

const addVerify = (program: Command, desk: Desk) =>
  command(program, 'verify', 'holds every stored event against the audit log and its signed checkpoints', [
    'verify',
    'verify --json',
  ])
    .addHelpText('after', '\nExits with 0 when all is intact, 1 when something differs, 2 when nobody could tell.')
    .action(verify(desk));

const addExport = (program: Command, desk: Desk) =>
  command(program, 'export', 'a signed bundle of events with their proofs, which can be checked off line', [
    'export --stream order-7b1e9d02 --out order.tar.gz',
    'export --correlation 3c0ad1c2-5a53-5a55-8e0f-5a2b7b1c9f11 --out request.tar.gz',
    'export --from 2026-01-01T00:00:00Z --to 2026-02-01T00:00:00Z --out january.tar.gz',
  ])
    .option('--stream <name>', 'the events of this stream')
    .option('--correlation <id>', 'what one request led to')
    .option('--from <instant>', 'what was stored then or later')
    .option('--to <instant>', 'and before')
    .requiredOption('--out <file>', 'where to put the bundle')
    .action(exportBundle(desk));

const addCheck = (program: Command, desk: Desk) =>
  program
    .command('check')
    .description('checks a bundle or a proof off line: it needs no platform, and signs in nowhere')
    .argument('<file>', 'a bundle, or an answer of GET /audit/proofs/… or GET /audit/consistency')
    .requiredOption('--key <file>', 'the public key, in PEM, as you were given it by another way')
    .option(
      '--checkpoint <file>',
      'of a consistency proof, both checkpoints',
      (path, before) => [...before, path],
      none,
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  npm run audit -- check order.tar.gz --key public-key.pem
  npm run audit -- check proof.json --key public-key.pem --json

Exits with 0 when all is as it was signed, 1 when something is not, 2 when it cannot be checked.`,
    )
    .action((file: string, { key, checkpoint, json }: CheckOptions) =>
      check(desk, { file, keyFile: key, checkpoints: checkpoint, json }),
    );

type CheckOptions = Readonly<{ key: string; checkpoint: readonly string[]; json?: boolean }>;

const none: readonly string[] = [];
