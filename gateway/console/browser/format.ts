import type { components } from '../../client/api-types.js';

type Money = components['schemas']['Money'];

/** An amount of minor units in its currency (ISO 4217): `EUR 19.00`. */
export const shownMoney = ({ amount, currency }: Money): string => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
};

/** An instant in UTC, to the second, or to the millisecond: `2026-01-31 09:30:00`. */
export const shownInstant = (instant: string, isExact = false): string => {
  const time = new Date(instant);
  if (Number.isNaN(time.getTime())) return instant;
  return time
    .toISOString()
    .slice(0, isExact ? 23 : 19)
    .replace('T', ' ');
};

/** So many milliseconds in the unit in which they are read most easily: `341 ms`, `1.2 s`, `3 min 5 s`, `2 d 4 h`. */
export const shownDuration = (ms: number): string => {
  if (ms < 1) return `${Number(ms.toFixed(2))} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${Number((ms / 1_000).toFixed(ms < 10_000 ? 2 : 1))} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return parts([Math.floor(seconds / 60), 'min'], [seconds % 60, 's']);
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return parts([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min']);
  const hours = Math.round(minutes / 60);
  return parts([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
};

const parts = (...given: readonly (readonly [number, string])[]) =>
  given
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');

/** `1,234,567` */
export const shownCount = (count: number): string => count.toLocaleString('en');

/** An id by its beginning; whole ones are in the links and on their own pages. */
export const shortId = (id: string): string => (/^[0-9a-f]{8}-/.test(id) ? id.slice(0, 8) : id);

/** Words of a program for people: `needs_attention` and `CAPTURE_REFUSED` as `needs attention`, `capture refused`. */
export const inWords = (code: string): string => code.replaceAll('_', ' ').toLowerCase();
