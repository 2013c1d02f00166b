import type { Message } from '../../domains/shared/decider.js';
import type { Addition, Projection, Tally } from '../shared/projection.js';
import type { KeyedEvent } from './keyed.js';

/** A row as a store keeps it: `null` once it went; the position of the event that it is the outcome of. */
export type StoredRow<Row> = Readonly<{ row: Row | null; position: bigint }>;

/** An event that is left behind, and why: its own error, or that of an earlier event of its key. */
export type LeftBehind = Readonly<{ event: KeyedEvent; error: unknown }>;

/** What whoever listens to a view is told of one event. */
export type Change = Readonly<{ position: bigint; key: string; change: object }>;

/** A handler threw on these events, and may do better next time. */
export class PoisonEvents extends Error {
  override readonly name = 'PoisonEvents';
  constructor(readonly events: readonly [LeftBehind, ...LeftBehind[]]) {
    super(`A projection cannot apply ${events.length} events`);
  }
}

/** Whether an event that cannot be applied was tried often enough. */
export type IsGivenUp = (event: KeyedEvent) => boolean;

type Groups = ReadonlyMap<string, readonly KeyedEvent[]>;

export type FoldedRows<Row> = Readonly<{
  /** The rows that the events change, each as it is after the last of them. */
  rows: ReadonlyMap<string, StoredRow<Row>>;
  changes: readonly Change[];
  /** Given up, each with all later events of its key, in their order. */
  leftBehind: readonly LeftBehind[];
}>;

/**
 * Folds the events of each key over its row. Events that a row already holds the outcome of change nothing: a batch may
 * come again, also in part.
 *
 * @throws PoisonEvents with every event that cannot be applied and is not given up.
 */
export const foldRows = <Event extends Message, Row extends object>(
  { project, change }: Projection<Event, Row>,
  groups: Groups,
  stored: ReadonlyMap<string, StoredRow<Row>>,
  isGivenUp: IsGivenUp,
): FoldedRows<Row> => {
  const rows = new Map<string, StoredRow<Row>>();
  const changes: Change[] = [];
  const leftBehind = eachGroup(groups, isGivenUp, (key) => {
    const before = stored.get(key);
    let kept = before;
    return {
      apply: (event) => {
        const position = event.stored.position.commit;
        if (kept !== undefined && position <= kept.position) return;
        const row = kept?.row ?? undefined;
        const projected = readable<Event>(event);
        const after = project(projected, row);
        if (after === undefined || after === row || (after === null && row === undefined)) return;
        if (change) changes.push({ position, key, change: change(projected, after) });
        kept = { row: after, position };
      },
      end: () => {
        if (kept !== undefined && kept !== before) rows.set(key, kept);
      },
    };
  });
  return { rows, changes, leftBehind };
};

export type FoldedAdditions = Readonly<{
  /** What is added to each row, and the position of the last event that adds to it. */
  rows: ReadonlyMap<string, Readonly<{ add: Readonly<Record<string, number>>; position: bigint }>>;
  leftBehind: readonly LeftBehind[];
}>;

/**
 * Sums what events add to shared rows.
 *
 * @throws PoisonEvents as `foldRows` does.
 */
export const foldAdditions = <Event extends Message>(
  { additions }: Tally<Event>,
  groups: Groups,
  isGivenUp: IsGivenUp,
): FoldedAdditions => {
  const rows = new Map<string, { add: Record<string, number>; position: bigint }>();
  const count = ({ row, add }: Addition, position: bigint) => {
    const sum = rows.get(row) ?? { add: {}, position };
    for (const [name, amount] of Object.entries(add)) sum.add[name] = (sum.add[name] ?? 0) + amount;
    rows.set(row, { add: sum.add, position: position > sum.position ? position : sum.position });
  };
  const leftBehind = eachGroup(groups, isGivenUp, () => ({
    apply: (event) => {
      const found = additions(readable<Event>(event));
      if (!found.every(({ add }) => Object.values(add).every(Number.isSafeInteger)))
        throw new TypeError('A tally adds integers only');
      for (const addition of found) count(addition, event.stored.position.commit);
    },
    end: () => undefined,
  }));
  return { rows, leftBehind };
};

type GroupWork = Readonly<{ apply: (event: KeyedEvent) => void; end: () => void }>;

const eachGroup = (groups: Groups, isGivenUp: IsGivenUp, workOn: (key: string) => GroupWork): readonly LeftBehind[] => {
  const leftBehind: LeftBehind[] = [];
  const poison: LeftBehind[] = [];
  for (const [key, events] of groups) {
    const { apply, end } = workOn(key);
    for (const [index, event] of events.entries()) {
      try {
        apply(event);
      } catch (error) {
        if (isGivenUp(event)) leftBehind.push(...events.slice(index).map((later) => ({ event: later, error })));
        else poison.push({ event, error });
        break;
      }
    }
    end();
  }
  const [first, ...others] = poison;
  if (first) throw new PoisonEvents([first, ...others]);
  return leftBehind;
};

const readable = <Event extends Message>({ projected, error }: KeyedEvent) => {
  if (!projected) throw error;
  return projected as unknown as Parameters<Projection<Event, object>['project']>[0];
};
