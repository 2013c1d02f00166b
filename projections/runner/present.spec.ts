import type { AnyAggregate } from '../../domains/shared/service.js';
import { presentFor } from './present.js';
import { event } from './testing/events.js';

const parcels: AnyAggregate = {
  category: 'parcel',
  decider: { initial: null, decide: () => [], evolve: () => null },
  events: { Weighed: { version: 3 } },
  upcasters: {
    Weighed: {
      1: ({ kilos }) => ({ grams: Number(kilos) * 1000 }),
      2: (data) => ({ ...data, scales: 'unknown' }),
    },
  },
};
const present = presentFor([parcels]);

const weighed = (schemaVersion: number, data: Readonly<Record<string, unknown>>) => {
  const stored = event('parcel-1', 4, 'Weighed', data);
  return { ...stored, metadata: { ...stored.metadata, schemaVersion } };
};

describe('an event before it is projected', () => {
  it.each([
    [1, { kilos: 2 }],
    [2, { grams: 2000 }],
    [3, { grams: 2000, scales: 'unknown' }],
  ])('comes from version %d to the present shape', (version, data) =>
    expect(present(weighed(version, data))).toEqual({
      ...weighed(3, { grams: 2000, scales: 'unknown' }),
      created: expect.any(Date) as Date,
    }),
  );

  it('is refused where its version is yet to come', () =>
    expect(() => present(weighed(4, {}))).toThrow('Weighed was stored in version 4'));

  it('is refused where its type is not known', () =>
    expect(() => present(event('parcel-1', 4, 'Lost', {}))).toThrow('Lost is in a stream'));

  it('is refused where its category is not known', () =>
    expect(() => present(event('letter-1', 4, 'Weighed', {}))).toThrow('category letter'));
});
