import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { EventSchema } from '../../domains/shared/event-schema.js';
import { upcast, type Upcasters } from '../../domains/shared/upcast.js';
import { isSealed } from '../security/sealing.js';
import type { PersonalFields } from './event-types.js';

type Data = Readonly<Record<string, unknown>>;

/**
 * One version of one event type, as it was when it was new: its fields, and an example. `data` is as before sealing:
 * whoever stores it seals the fields that `personal` names. `digest` tells whether somebody edited the file.
 */
export type GoldenFile = Readonly<{
  type: string;
  schemaVersion: number;
  personal: PersonalFields | null;
  shape: Readonly<Record<string, string>>;
  data: Data;
  digest: string;
}>;

/** SHA-256 over all else that the file says. */
export const digestOf = ({ type, schemaVersion, personal, shape, data }: Omit<GoldenFile, 'digest'>): string =>
  createHash('sha256')
    .update(JSON.stringify([type, schemaVersion, personal, shape, data]))
    .digest('hex');

export const goldenPath = (context: string, { type, version }: Readonly<{ type: string; version: number }>): string =>
  `domains/${context}/golden/${type}.v${version}.json`;

/** The golden files of a context, by their path from `root`. */
export const readGoldenFiles = (root: string, context: string): ReadonlyMap<string, GoldenFile> => {
  const folder = join('domains', context, 'golden');
  const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder)).toSorted() : [];
  return new Map(
    names.map((name) => [join(folder, name), JSON.parse(readFileSync(join(root, folder, name), 'utf8')) as GoldenFile]),
  );
};

/** @throws Error where the file is there: what was stored once is never changed. */
export const writeGoldenFile = async (root: string, context: string, file: GoldenFile): Promise<void> => {
  mkdirSync(join(root, 'domains', context, 'golden'), { recursive: true });
  const path = join(root, goldenPath(context, { type: file.type, version: file.schemaVersion }));
  const text = await format(JSON.stringify(file, null, 2), { ...(await resolveConfig(path)), parser: 'json' });
  writeFileSync(path, text, { flag: 'wx' });
};

/**
 * The example in the present shape. Personal fields go through the upcasters sealed, as they do when a stream is read,
 * and are readable in what is given.
 *
 * @throws Error where an upcaster is missing, fails, or looks into a sealed field.
 */
export const upcastGolden = (
  { type, schemaVersion, personal, data }: GoldenFile,
  { version, personal: presentPersonal }: Pick<EventSchema<Record<string, unknown>>, 'version' | 'personal'>,
  upcasters: Upcasters,
): Data => {
  const seal = (name: string): [string, unknown] => [name, data[name] === null ? null : { $sealed: name }];
  const sealed = { ...data, ...Object.fromEntries((personal?.fields ?? []).map(seal)) };
  const present = upcast(upcasters, { type, data: sealed }, schemaVersion, version);
  const open = (name: string): [string, unknown] => {
    const value = present[name];
    return [name, isSealed(value) ? data[value.$sealed] : value];
  };
  return { ...present, ...Object.fromEntries((presentPersonal?.fields ?? []).map(open)) };
};
