/**
 * A row with U+FFFD in place of what the stores cannot hold: NUL (PostgreSQL's text and jsonb, and FerretDB on it) and
 * half surrogate pairs (all of them). Without it one product's name could hold up a view for ever.
 */
export const storable = <Row extends object>(row: Row): Row =>
  unstorableEscape.test(JSON.stringify(row)) ? (replaced(row) as Row) : row;

/** The same row as JSON. */
export const storableJson = (row: object): string => {
  const json = JSON.stringify(row);
  return unstorableEscape.test(json) ? JSON.stringify(replaced(row)) : json;
};

/** JSON escapes exactly these two kinds; a backslash that was escaped itself only costs the replacing. */
const unstorableEscape = /\\u(0000|d[89a-f])/;

const replaced = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD').replaceAll(/\p{Surrogate}/gu, '\uFFFD');
  if (Array.isArray(value)) return value.map(replaced);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaced(item)]));
};
