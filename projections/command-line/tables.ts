import Table from 'cli-table3';
import type { Comparison } from '../shared/view.js';
import type { ParkedStatus, ProjectionStatus } from '../shared/projection-status.js';

/** Without colours, which nobody wants in a file. */
const style = { head: [], border: [], compact: true };

/** The views as a table. */
export const tableOfViews = (views: readonly ProjectionStatus[]): string => {
  const head = ['view', 'store', 'version', 'state', 'position', 'behind', 'events/s', 'parked keys', 'other builds'];
  const table = new Table({ head, style });
  for (const view of views) {
    const { name, store, version, state, position, rate, parkedKeys } = view;
    const behind = `${view.lagEvents} events, ${Math.round(view.lagSeconds)} s`;
    table.push([name, store, version, state, position ?? '', behind, Math.round(rate), parkedKeys, othersOf(view)]);
  }
  return table.toString();
};

const othersOf = ({ progress, canRollBack }: ProjectionStatus): string => {
  if (!progress) return canRollBack ? 'the one before' : '';
  if (progress.isReady) return progress.switches ? 'begins to serve' : 'ready to switch';
  return progress.fraction === null ? 'is made' : `is made: ${Math.floor(progress.fraction * 100)} %`;
};

/** Parked events as a table. */
export const tableOfParked = (parked: readonly ParkedStatus[]): string => {
  const table = new Table({ head: ['key', 'position', 'event', 'type', 'error', 'parked at', ''], style });
  for (const { key, position, stream, revision, type, error, parkedAt, request } of parked)
    table.push([key, position, `${stream} ${revision}`, type, error, parkedAt, request ? `to ${request}` : '']);
  return table.toString();
};

/** What came of a comparison, in a sentence. */
export const comparisonSentence = ({ leftOut, ...compared }: Comparison): string =>
  [ofCompared(compared), ...(leftOut > 0 ? [`${leftOut} keys were left out: written meanwhile, or parked.`] : [])].join(
    ' ',
  );

const ofCompared = ({ isEqual, position, rows, checksums }: Omit<Comparison, 'leftOut'>): string =>
  isEqual
    ? `It holds the same as the build that serves: ${rows.aside} rows, checksum ${checksums.aside}, at position ${position}.`
    : `It differs from the build that serves, at position ${position}: ${rows.aside} rows with checksum ${checksums.aside}, where that has ${rows.live} with ${checksums.live}.`;
