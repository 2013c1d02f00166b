import type { StoredRow } from './fold.js';

/** Whether rows of a view hold readable personal data: only such a view has personal fields of events opened. */
export const isPersonal = (view: object): boolean => 'personal' in view && Array.isArray(view.personal);

type Rows<Row> = ReadonlyMap<string, StoredRow<Row>>;

/** Rows with `null` in the personal fields of those whose key is among `subjects`. */
export const withoutPersonalOf = <Row extends object>(
  subjects: ReadonlySet<string>,
  personal: readonly (keyof Row & string)[],
  rows: Rows<Row>,
): Rows<Row> =>
  new Map(
    [...rows].map(([key, stored]) => {
      if (!subjects.has(key) || stored.row === null) return [key, stored];
      const blanked = Object.fromEntries(personal.map((field) => [field, null]));
      return [key, { ...stored, row: { ...stored.row, ...blanked } }];
    }),
  );
