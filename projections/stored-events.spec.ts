import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contexts, everyAggregate } from '../domains/contexts.js';
import type { Message } from '../domains/shared/decider.js';
import type { StoredEvent } from '../infra/event-store/stored-event.js';
import { readGoldenFiles, type GoldenFile } from '../infra/golden-events/golden-file.js';
import { foldRows, type StoredRow } from './runner/fold.js';
import { keyEvents } from './runner/keyed.js';
import { planBatch } from './runner/plan.js';
import { presentFor } from './runner/read-events.js';
import { event } from './runner/testing/events.js';
import type { ProjectedEvent, Projection, Tally } from './shared/projection.js';
import { partitionCount } from './shared/view.js';

type AnyProjection = Projection<Message, object>;
type AnyTally = Tally<Message>;
type AnyView = AnyProjection | AnyTally;

const here = import.meta.dirname;
const present = presentFor(everyAggregate);
const goldenFiles = contexts.flatMap(({ context }) => [...readGoldenFiles(join(here, '..'), context).values()]);

/** Of every folder that has one, so that none is forgotten. */
const views = await Promise.all(
  readdirSync(here)
    .filter((folder) => existsSync(join(here, folder, 'projection.ts')) && folder !== 'shared')
    .map(async (folder): Promise<[string, AnyView]> => {
      const exports = (await import(`./${folder}/projection.js`)) as Readonly<Record<string, AnyView>>;
      const view = exports[folder];
      if (!view) throw new Error(`projections/${folder}/projection.ts exports no ${folder}`);
      return [folder, view];
    }),
);
const isTally = (view: AnyView): view is AnyTally => 'additions' in view;
const tallies = views.flatMap(([name, view]) => (isTally(view) ? [[name, view] as const] : []));
const projections = views.flatMap(([name, view]) => (isTally(view) ? [] : [[name, view] as const]));

/** The example of a golden file as it lies in the store, at a position. */
const storedAs = ({ type, schemaVersion, personal, data }: GoldenFile, position: number): StoredEvent => {
  const category = everyAggregate.find(({ events }) => Object.hasOwn(events, type))?.category ?? 'none';
  const sealed = Object.fromEntries((personal?.fields ?? []).map((name) => [name, { $sealed: name }]));
  const stored = event(`${category}-1`, position, type, { ...data, ...sealed });
  return { ...stored, metadata: { ...stored.metadata, schemaVersion } };
};

const projected = (stored: StoredEvent): ProjectedEvent => {
  const { type, data, streamId, revision, metadata } = present(stored);
  return { type, data, streamId, revision, at: metadata.at };
};

const wholeView = Array.from({ length: partitionCount }, (_, partition) => ({
  partition,
  epoch: 1n,
  position: null,
  parked: new Set<string>(),
}));

const groupsOf = (view: AnyProjection, batch: readonly StoredEvent[]) => {
  const keyed = keyEvents(
    view,
    batch.map((stored) => ({ stored, event: present(stored) })),
  );
  const unreadable = keyed.find(({ projected: found }) => !found);
  if (unreadable) throw unreadable.error;
  return planBatch(keyed, wholeView, batch.at(-1)?.position ?? { commit: 0n, prepare: 0n }).groups;
};

/** Of the categories that a view reads. */
const filesOf = ({ categories }: AnyView) =>
  goldenFiles.filter((file) => categories.includes(storedAs(file, 1).category));

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
    const files = filesOf(projection);
    const fold = (batch: readonly StoredEvent[]): ReadonlyMap<string, StoredRow<object>> =>
      foldRows(projection, groupsOf(projection, batch), new Map(), () => false).rows;

    it.each(files)('first of all: $type version $schemaVersion', (file) => {
      expect(() => fold([storedAs(file, 1)])).not.toThrow();
    });

    it.each(files)('after any other: $type version $schemaVersion', (file) => {
      for (const first of files) expect(() => fold([storedAs(first, 1), storedAs(file, 2)])).not.toThrow();
    });

    it.each(files)('after all others: $type version $schemaVersion', (file) => {
      for (const before of [files, files.toReversed()])
        expect(() => fold([...before, file].map((each, index) => storedAs(each, index)))).not.toThrow();
    });

    it.each(files)('and told to listeners: $type version $schemaVersion', (file) => {
      const event = projected(storedAs(file, files.length));
      const rows = [...fold(files.map(storedAs)).values()].map(({ row }) => row);
      for (const row of [null, ...rows]) expect(() => projection.change?.(event, row)).not.toThrow();
    });
  });

  describe.each(tallies)('is counted by %s', (_, tally) => {
    it.each(filesOf(tally))('whatever else there is: $type version $schemaVersion', (file) => {
      const event = projected(storedAs(file, 1));
      expect(() => tally.key(event)).not.toThrow();
      expect(
        tally.additions(event).flatMap(({ add }) => Object.values(add).filter((by) => !Number.isSafeInteger(by))),
      ).toEqual([]);
    });
  });
});
