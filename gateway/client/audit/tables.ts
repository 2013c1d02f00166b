import Table from 'cli-table3';
import { lackOf } from '../background-work.js';
import type { Change, Replay, ReplayRow, StoredEvent } from './answers.js';
import { progressOf } from './follow-work.js';

/** Without colours, which nobody wants in a file. */
const style = { head: [], border: [], compact: true };

const tableOf = (head: string[], rows: readonly (readonly (string | number)[])[]): string => {
  const table = new Table({ head, style });
  for (const row of rows) table.push([...row]);
  return table.toString();
};

/** The events of a stream as a table. */
export const tableOfEvents = (events: readonly StoredEvent[]): string =>
  tableOf(
    ['revision', 'position', 'stored at', 'type', 'by', 'data'],
    events.map((event) => {
      const { revision, position, created, type, data } = event;
      return [revision, position ?? '', created, type, actorOf(event), shortened(data)];
    }),
  );

/** An event as a line, with columns as wide as most need them. */
export const lineOfEvent = (event: StoredEvent): string => {
  const { position, created, stream, revision, type } = event;
  const place = `${stream} ${revision}`.padEnd(50);
  return [(position ?? '').padStart(10), created, type.padEnd(26), place, actorOf(event)].join('  ').trimEnd();
};

const actorOf = ({ metadata: { actor } }: StoredEvent): string => (typeof actor === 'string' ? actor : '');

/** What is not the same at two points, as a table. */
export const tableOfChanges = (changes: readonly Change[]): string =>
  tableOf(
    ['field', 'before', 'after'],
    changes.map((change) => [
      change.path === '' ? '(all)' : change.path,
      'before' in change ? shortened(change.before) : '(not there)',
      'after' in change ? shortened(change.after) : '(not there)',
    ]),
  );

/** Replays as a table. */
export const tableOfReplays = (replays: readonly Replay[]): string =>
  tableOf(
    ['id', 'view', 'at', 'state', 'rows', 'checksum', 'differs from the view that serves'],
    replays.map((replay) => {
      const { id, view, at, rows, checksum, difference } = replay;
      return [
        id,
        view,
        at,
        stateOf(replay),
        rows ?? '',
        checksum ?? '',
        difference === null ? '' : differenceSentence(difference),
      ];
    }),
  );

const stateOf = (replay: Replay): string => {
  const { state, parkedKeys } = replay;
  const lack = lackOf(parkedKeys);
  if (state === 'running') return `running ${progressOf(replay)}`;
  return lack === null ? state : `${state}, but ${lack}`;
};

/** In words how the rows of a replay differ from those of the view that serves. */
export const differenceSentence = ({ added, missing, changed }: NonNullable<Replay['difference']>): string =>
  added + missing + changed === 0 ? 'in nothing' : `${added} added, ${missing} missing, ${changed} changed`;

/** Rows of a replay as a table. */
export const tableOfRows = (rows: readonly ReplayRow[]): string =>
  tableOf(
    ['key', 'position', 'row'],
    rows.map(({ key, position, row }) => [key, position, shortened(row)]),
  );

const longestCell = 72;

/** JSON in one line, cut where it is long: `--json` shows the whole. */
const shortened = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text;
};
