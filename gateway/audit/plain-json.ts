import { types } from 'node:util';

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = Readonly<{ [name: string]: Json }>;

/** A value as JSON, the same for the same state: maps become objects, and names stand in their order. */
export const plainJson = (value: unknown): Json => {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json;
  // Immutable collections and dates say themselves what they are.
  if ('toJSON' in value && typeof value.toJSON === 'function') return plainJson((value.toJSON as () => unknown)());
  if (types.isMap(value)) return objectOf([...value]);
  if (types.isSet(value)) return [...value].map(plainJson);
  if (Array.isArray(value)) return value.map(plainJson);
  return objectOf(Object.entries(value));
};

const objectOf = (entries: readonly (readonly [unknown, unknown])[]): JsonObject =>
  Object.fromEntries(
    entries
      .filter(([, value]) => value !== undefined)
      .map(([name, value]): [string, Json] => [String(name), plainJson(value)])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
