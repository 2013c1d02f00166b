import { DomainError } from '../../domains/shared/errors.js';
import type { Touched } from '../service-bus/service-bus.js';

/** Positions up to which a reader must have seen each category. */
export type Consistency = ReadonlyMap<string, bigint>;

/** The value of `X-Consistency-Token`: one `position.category` pair per category, separated by commas. */
export const formatToken = (touched: readonly Touched[]): string =>
  touched.map(({ category, position }) => `${position}.${category}`).join(',');

/**
 * Reads one or several tokens, separated by commas; the furthest position counts for each category.
 *
 * @throws DomainError `request.invalid_token` for anything that is not one of ours.
 */
export const parseTokens = (header: string | undefined): Consistency => {
  const furthest = new Map<string, bigint>();
  if (header === undefined || header.trim() === '') return furthest;
  for (const pair of header.split(',')) {
    const [, digits, category] = /^\s*(\d{1,19})\.([a-z]{1,40})\s*$/.exec(pair) ?? [];
    if (digits === undefined || category === undefined)
      throw new DomainError('request.invalid_token', 'Send X-Consistency-Token exactly as an answer gave it');
    const position = BigInt(digits);
    if (position > (furthest.get(category) ?? -1n)) furthest.set(category, position);
  }
  return furthest;
};
