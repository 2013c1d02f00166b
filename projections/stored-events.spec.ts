import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contexts, everyAggregate } from '../domains/contexts.js';
import type { Message } from '../domains/shared/decider.js';
import type { StoredEvent } from '../infra/event-store/stored-event.js';
import { readGoldenFiles, type GoldenFile } from '../infra/golden-events/golden-file.js';
import { foldRows, groupByKey, type StoredRow } from './runner/fold.js';
import { presentFor } from './runner/present.js';
import { event } from './runner/testing/events.js';
import type { Projection } from './shared/projection.js';

type AnyProjection = Projection<Message, object>;

const here = import.meta.dirname;
const present = presentFor(everyAggregate);
const goldenFiles = contexts.flatMap(({ context }) => [...readGoldenFiles(join(here, '..'), context).values()]);

/** Of every folder that has one, so that none is forgotten. */
const projections = await Promise.all(
  readdirSync(here)
    .filter((folder) => existsSync(join(here, folder, 'projection.ts')) && folder !== 'shared')
    .map(async (folder): Promise<[string, AnyProjection]> => {
      const exports = (await import(`./${folder}/projection.js`)) as Readonly<Record<string, AnyProjection>>;
      const projection = exports[folder];
      if (!projection) throw new Error(`projections/${folder}/projection.ts exports no ${folder}`);
      return [folder, projection];
    }),
);

/** The example of a golden file as it lies in the store, at a position. */
const storedAs = ({ type, schemaVersion, personal, data }: GoldenFile, position: number): StoredEvent => {
  const category = everyAggregate.find(({ events }) => Object.hasOwn(events, type))?.category ?? 'none';
  const sealed = Object.fromEntries((personal?.fields ?? []).map((name) => [name, { $sealed: name }]));
  const stored = event(`${category}-1`, position, type, { ...data, ...sealed });
  return { ...stored, metadata: { ...stored.metadata, schemaVersion } };
};

const newestOf = (type: string): GoldenFile => {
  const [newest] = goldenFiles
    .filter((file) => file.type === type)
    .toSorted((one, other) => other.schemaVersion - one.schemaVersion);
  if (!newest) throw new Error(`${type} has no golden file`);
  return newest;
};

describe('every event that was ever stored', () => {
  it.each(goldenFiles)('comes to projections in the present shape: $type version $schemaVersion', (file) => {
    const { data, metadata } = present(storedAs(file, 1));
    const newest = newestOf(file.type);
    expect(metadata.schemaVersion).toBe(newest.schemaVersion);
    expect(Object.keys(data).toSorted()).toEqual(Object.keys(newest.shape).toSorted());
  });

  describe.each(projections)('is projected by %s', (_, projection) => {
    const files = goldenFiles.filter((file) => projection.categories.includes(storedAs(file, 1).category));
    const fold = (batch: readonly StoredEvent[]): ReadonlyMap<string, StoredRow<object>> =>
      foldRows(projection, groupByKey(projection, batch.map(present)), new Map());

    it.each(files)('first of all: $type version $schemaVersion', (file) => {
      expect(() => fold([storedAs(file, 1)])).not.toThrow();
    });

    it.each(files)('after any other: $type version $schemaVersion', (file) => {
      for (const first of files) expect(() => fold([storedAs(first, 1), storedAs(file, 2)])).not.toThrow();
    });
  });
});
