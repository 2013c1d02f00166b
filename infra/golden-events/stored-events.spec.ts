import { join } from 'node:path';
import { contexts } from '../../domains/contexts.js';
import type { AnyAggregate } from '../../domains/shared/service.js';
import { withoutPersonal } from '../security/sealing.js';
import { readEventTypes } from './event-types.js';
import { readGoldenFiles, upcastGolden, type GoldenFile } from './golden-file.js';
import { goldenProblems } from './golden-files.js';
import { misfits } from './shape.js';

const root = join(import.meta.dirname, '../..');
const shapes = new Map(readEventTypes(root).map(({ type, shape }) => [type, shape]));
const schemasOf = ({ events }: AnyAggregate) => events as Readonly<Record<string, { version: number }>>;

/** Every golden file with the aggregate whose streams hold such events. */
const stored = contexts.flatMap(({ context, aggregates }) =>
  [...readGoldenFiles(root, context).values()].map((file): [string, GoldenFile, AnyAggregate | undefined] => [
    `${file.type} version ${file.schemaVersion}`,
    file,
    aggregates.find((aggregate) => file.type in schemasOf(aggregate)),
  ]),
);

const presentEvent = (file: GoldenFile, aggregate: AnyAggregate) => {
  const schema = schemasOf(aggregate)[file.type];
  if (!schema) throw new Error(`No schema of ${file.type}`);
  const event = { type: file.type, data: upcastGolden(file, schema, aggregate.upcasters) };
  return { event, decided: { ...event, data: withoutPersonal(event, schema) } };
};

describe('the events of every version', () => {
  it('fit their golden files', async () => {
    expect(await goldenProblems(root)).toEqual([]);
  });

  it('belong to streams that are decided on', () => {
    expect(stored.filter(([, , aggregate]) => !aggregate).map(([name]) => name)).toEqual([]);
    expect(new Set(stored.map(([, { type }]) => type))).toEqual(new Set(shapes.keys()));
  });

  it.each(stored)('%s is read in the present shape', (_name, file, aggregate) => {
    const shape = shapes.get(file.type);
    if (!aggregate || !shape) throw new Error(`${file.type} belongs to no stream`);
    expect(misfits(shape, presentEvent(file, aggregate).event.data, file.type)).toEqual([]);
  });

  it.each(
    contexts.flatMap(({ aggregates }) => aggregates.map((each): [string, AnyAggregate] => [each.category, each])),
  )('are folded in any order into a state of %s', (category, aggregate) => {
    const { initial, evolve } = aggregate.decider as Readonly<{
      initial: unknown;
      evolve: (state: unknown, event: unknown) => unknown;
    }>;
    const events = stored
      .filter(([, , owner]) => owner?.category === category)
      .map(([, file]) => presentEvent(file, aggregate).decided);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(evolve(initial, event)).toBeDefined();
    for (const first of events) for (const event of events) expect(evolve(evolve(initial, first), event)).toBeDefined();
    expect(events.reduce(evolve, initial)).toBeDefined();
  });
});
