import { DomainError, type FieldError } from './errors.js';
import type { Money } from './money.js';

/** Makes sense of one value from outside, or reports what it must be under its RFC 6901 pointer. */
export type Parser<Value> = (value: unknown, pointer: string, report: (error: FieldError) => void) => Value;

/** The type that a parser gives. */
export type Parsed<P> = P extends Parser<infer Value> ? Value : never;

const refusing =
  <Value>(accepts: (value: unknown) => boolean, detail: string): Parser<Value> =>
  (value, pointer, report) => {
    if (!accepts(value)) report({ pointer, detail });
    return value as Value;
  };

const isStorable = (value: string) => !value.includes('\0') && !/\p{Surrogate}/u.test(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * In code points, as JSON Schema counts them: text that the gateway lets in is not refused here. Each takes one unit of
 * the string or two, so they are counted only where that decides.
 */
const hasLength = (value: string, least: number, most: number): boolean => {
  if (value.length < least || value.length > 2 * most) return false;
  if (value.length >= 2 * least && value.length <= most) return true;
  const length = Array.from(value).length;
  return length >= least && length <= most;
};

/** A string of `least` to `most` characters that every store can keep: no NUL, no half of a surrogate pair. */
export const text = (most: number, least = 1): Parser<string> =>
  refusing(
    (value) => typeof value === 'string' && hasLength(value, least, most) && isStorable(value),
    `must be a string of ${least} to ${most} characters`,
  );

/** An id: what may stand behind the category in a stream's name. */
export const id: Parser<string> = refusing(
  (value) => typeof value === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(value),
  'must be an id',
);

export const integer = (least: number, most: number): Parser<number> =>
  refusing(
    (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
    `must be an integer from ${least} to ${most}`,
  );

export const optional =
  <Value>(parser: Parser<Value>): Parser<Value | null> =>
  (value, pointer, report) =>
    value === undefined || value === null ? null : parser(value, pointer, report);

export const list =
  <Value>(parser: Parser<Value>, most: number): Parser<readonly Value[]> =>
  (value, pointer, report) => {
    if (!Array.isArray(value) || value.length > most) {
      report({ pointer, detail: `must be a list of at most ${most}` });
      return [];
    }
    return value.map((item, index) => parser(item, `${pointer}/${index}`, report));
  };

/** An object with exactly these fields; others are dropped. */
export const fields =
  <Shape extends Record<string, Parser<unknown>>>(
    shape: Shape,
  ): Parser<{ readonly [Name in keyof Shape]: Parsed<Shape[Name]> }> =>
  (value, pointer, report) => {
    if (!isRecord(value)) report({ pointer, detail: 'must be an object' });
    const given = isRecord(value) ? value : {};
    const entries = Object.entries(shape).map(([name, parser]) => [
      name,
      parser(given[name], `${pointer}/${name}`, report),
    ]);
    return Object.fromEntries(entries) as { readonly [Name in keyof Shape]: Parsed<Shape[Name]> };
  };

export const money: Parser<Money> = fields({
  amount: integer(0, Number.MAX_SAFE_INTEGER),
  currency: refusing<string>(
    (value) => typeof value === 'string' && /^[A-Z]{3}$/.test(value),
    'must be an ISO 4217 code',
  ),
});

/**
 * A function from data to `Value` by `parser`.
 *
 * It throws DomainError `command.invalid` with an error for every wrong field.
 */
export const parseBy =
  <Value>(parser: Parser<Value>) =>
  (data: unknown): Value => {
    const errors: FieldError[] = [];
    const value = parser(data, '', (error) => errors.push(error));
    if (errors.length > 0) throw new DomainError('command.invalid', 'The data has wrong fields', errors);
    return value;
  };
