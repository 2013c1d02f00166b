import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Upcasters } from '../../domains/shared/upcast.js';
import { contextsIn, readEventTypes, type EventType } from './event-types.js';
import { exampleOf } from './example.js';
import {
  digestOf,
  goldenPath,
  readGoldenFiles,
  upcastGolden,
  writeGoldenFile,
  type GoldenFile,
} from './golden-file.js';
import { isInHistory } from './in-history.js';
import { fieldTexts, misfits } from './shape.js';

/**
 * Everything that is wrong between the events that the code under `root` knows and the golden files beside it, one
 * sentence each: a shape that changed without a new version, a version without its golden file or its upcaster, an
 * upcaster that does not lead to the present shape, a golden file that was edited or belongs to nothing.
 */
export const goldenProblems = async (root: string): Promise<readonly string[]> => {
  const types = readEventTypes(root);
  const problems = await Promise.all(
    contextsIn(root).map(async (context) => {
      const own = types.filter((each) => each.context === context);
      const files = readGoldenFiles(root, context);
      const upcasters = await upcastersOf(root, context);
      return [
        ...strangers(own, files, context),
        ...own.flatMap((each) => problemsOf(root, each, files, upcasters[each.upcasters] ?? {})),
      ];
    }),
  );
  return problems.flat();
};

/**
 * Writes the golden file of every present version that has none, and gives their paths. None is ever changed.
 *
 * @throws Error naming one that git knows and that was removed: it says what is stored, whatever the code says now.
 */
export const writeMissing = async (root: string): Promise<readonly string[]> => {
  const known = contextsIn(root).flatMap((context) => [...readGoldenFiles(root, context).keys()]);
  const missing = readEventTypes(root).filter((each) => !known.includes(pathOf(each)));
  const removed = missing.map((each) => pathOf(each)).find((path) => isInHistory(root, path));
  if (removed !== undefined) throw new Error(goneFrom(removed));
  await Promise.all(missing.map((each) => writeGoldenFile(root, each.context, goldenFileOf(each))));
  return missing.map((each) => pathOf(each));
};

const goldenFileOf = ({ type, version, personal, shape }: EventType): GoldenFile => {
  const file = { type, schemaVersion: version, personal, shape: fieldTexts(shape), data: exampleOf(shape) };
  return { ...file, digest: digestOf(file) };
};

const pathOf = ({ context, type, version }: EventType, of = version) => goldenPath(context, { type, version: of });

type Files = ReadonlyMap<string, GoldenFile>;

const strangers = (types: readonly EventType[], files: Files, context: string): readonly string[] => {
  const known = new Set(types.flatMap((each) => versionsUpTo(each.version).map((version) => pathOf(each, version))));
  return [...files.keys()]
    .filter((path) => !known.has(path))
    .map((path) => `${path} is of no event type and version in domains/${context}/events.ts, which may not forget any`);
};

const problemsOf = (root: string, type: EventType, files: Files, upcasters: Upcasters): readonly string[] =>
  versionsUpTo(type.version).flatMap((version) => {
    const path = pathOf(type, version);
    const file = files.get(path);
    if (!file)
      return version === type.version && !isInHistory(root, path)
        ? [`${type.type} version ${version} has no golden file: run \`npm run golden\``]
        : [goneFrom(path)];
    if (digestOf(file) !== file.digest) return [`${path} was edited: take it back from git, it says what is stored`];
    return version === type.version ? changesOf(type, file) : upcastProblems(type, file, upcasters);
  });

const goneFrom = (path: string) => `${path} is missing: take it back from git, since events of that version are stored`;

const changesOf = ({ context, type, version, shape, personal }: EventType, file: GoldenFile): readonly string[] => {
  const isSame = JSON.stringify([fieldTexts(shape), personal]) === JSON.stringify([file.shape, file.personal]);
  const remedy =
    `raise its version to ${version + 1} in domains/${context}/events.ts, ` +
    `add an upcaster from ${version} in domains/${context}/upcasters.ts, and run \`npm run golden\``;
  return isSame ? [] : [`${type} changed shape: ${remedy}`];
};

const upcastProblems = (present: EventType, file: GoldenFile, upcasters: Upcasters): readonly string[] => {
  const { context, type, version, personal, shape } = present;
  try {
    const data = upcastGolden(file, { version, ...(personal && { personal }) }, upcasters);
    return misfits(shape, data, type).map(
      (misfit) => `${type} upcast from version ${file.schemaVersion} to ${version} has another shape: ${misfit}`,
    );
  } catch (error) {
    return [`domains/${context}/upcasters.ts: ${(error as Error).message}`];
  }
};

const versionsUpTo = (version: number) => Array.from({ length: version }, (_, index) => index + 1);

const upcastersOf = async (root: string, context: string) =>
  (await import(pathToFileURL(join(root, 'domains', context, 'upcasters.ts')).href)) as Readonly<
    Record<string, Upcasters | undefined>
  >;
