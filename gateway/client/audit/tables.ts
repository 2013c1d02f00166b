import Table from 'cli-table3';
import type { Finding } from '../../../infra/audit-log/offline/report.js';
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
    events.map(({ revision, position, created, type, metadata: { actor = '' }, data }) => [
      ...[revision, position ?? '', created, type, actor, shortened(data)],
    ]),
  );

/** An event as a line, with columns as wide as most need them. */
export const lineOfEvent = ({
  position,
  created,
  stream,
  revision,
  type,
  metadata: { actor = '' },
}: StoredEvent): string =>
  [(position ?? '').padStart(10), created, type.padEnd(26), `${stream} ${revision}`.padEnd(50), actor]
    .join('  ')
    .trimEnd();

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
      const { id, view, at, state, rows, checksum, difference } = replay;
      const shown = state === 'running' ? `running ${progressOf(replay)}` : state;
      return [
        id,
        view,
        at,
        shown,
        rows ?? '',
        checksum ?? '',
        difference === null ? '' : differenceSentence(difference),
      ];
    }),
  );

/** In words how the rows of a replay differ from those of the view that serves. */
export const differenceSentence = ({ added, missing, changed }: NonNullable<Replay['difference']>): string =>
  added + missing + changed === 0 ? 'in nothing' : `${added} added, ${missing} missing, ${changed} changed`;

/** Rows of a replay as a table. */
export const tableOfRows = (rows: readonly ReplayRow[]): string =>
  tableOf(
    ['key', 'position', 'row'],
    rows.map(({ key, position, row }) => [key, position ?? '', shortened(row)]),
  );

/** What an off-line check found as a table. */
export const tableOfFindings = (findings: readonly Finding[]): string =>
  tableOf(
    ['', 'what', 'found'],
    findings.map(({ what, isGood, detail }) => [isGood ? 'good' : 'WRONG', what, detail]),
  );

const longestCell = 72;

/** JSON in one line, cut where it is long: `--json` shows the whole. */
const shortened = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text;
};
