import type { AnyAggregate } from '../../domains/shared/service.js';
import { presentFor, readEvents } from './read-events.js';
import { event } from './testing/events.js';

const parcels: AnyAggregate = {
  category: 'parcel',
  decider: { initial: null, decide: () => [], evolve: () => null },
  events: { Weighed: { version: 3 } },
  upcasters: {
    Weighed: {
      1: ({ kilos }) => {
        if (kilos === undefined) throw new TypeError('It weighs nothing');
        return { grams: Number(kilos) * 1000 };
      },
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

  it.each([
    ['version is yet to come', weighed(4, {}), 'Weighed was stored in version 4'],
    ['type is not known', event('parcel-1', 4, 'Lost', {}), 'Lost is in a stream'],
    ['category is not known', event('letter-1', 4, 'Weighed', {}), 'category letter'],
  ])('is refused where its %s', (_, stored, why) => expect(() => present(stored)).toThrow(why));
});

describe('a batch', () => {
  const unreadable = weighed(1, {});
  const readable = weighed(3, { grams: 1, scales: 's' });

  it('is read though one of its events cannot be', () =>
    expect(readEvents([parcels])([unreadable, readable])).toMatchObject([
      { stored: unreadable, error: expect.any(TypeError) as Error },
      { stored: readable, event: { data: readable.data } },
    ]));

  it('has its sealed fields as text, which every store takes', () => {
    const people: AnyAggregate = {
      ...parcels,
      events: { Weighed: { version: 3, personal: { subject: 'userId', fields: ['name', 'note'] } } },
    };
    const [read] = readEvents([people])([weighed(3, { userId: 'u1', name: { $sealed: 'abc' }, note: null })]);
    expect(read).toMatchObject({ event: { data: { userId: 'u1', name: 'sealed:abc', note: null } } });
  });
});
