import type { Json, JsonObject } from './plain-json.js';

/** What differs at one place, named by a JSON pointer (RFC 6901): without `before` it is new, without `after` gone. */
export type Change = Readonly<{ path: string; before?: Json; after?: Json }>;

/** Everything in which one value differs from another, in the order of the names. */
export const differenceOf = (before: Json, after: Json, path = ''): readonly Change[] => {
  if (isObject(before) && isObject(after)) return betweenObjects(before, after, path);
  if (isList(before) && isList(after)) return betweenObjects(byIndex(before), byIndex(after), path);
  return before === after ? [] : [{ path, before, after }];
};

const betweenObjects = (before: ByName, after: ByName, path: string): readonly Change[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name): readonly Change[] => {
    const at = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [was, is] = [before, after].map((each) => (Object.hasOwn(each, name) ? each[name] : undefined));
    if (was === undefined) return is === undefined ? [] : [{ path: at, after: is }];
    return is === undefined ? [{ path: at, before: was }] : differenceOf(was, is, at);
  });

type ByName = Readonly<Record<string, Json | undefined>>;

const byIndex = (list: readonly Json[]): ByName => Object.fromEntries(list.map((item, index) => [index, item]));

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !isList(value);
