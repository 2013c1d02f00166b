import type { ExpectedRevision } from '../../rules/append-rules.js';
import type { ProposedEvent } from '../recorded-event.js';
import type { WriteResult, Writes } from '../writes.js';
import { madeByTheStore, tombstone, type Model } from './model.js';

/** A number is the distance of the expected revision from the stream's last: 0 is right, −1 is behind by one. */
export type Expectation = 'any' | 'no_stream' | 'stream_exists' | number;

/** `padding` bytes follow the data. */
export type Content = Readonly<{ type: string; isJson: boolean; data: string | Uint8Array; padding: number }>;

/** How a repeat differs from what was written. */
export const variations = [
  'none',
  'new first',
  'new in the middle',
  'new last',
  'reversed',
  'first one twice',
] as const;

/** Test-only. A change to a log, not yet fitted to the streams that are there. */
export type Change = Readonly<
  | { type: 'append'; stream: string; expectation: Expectation; contents: readonly Content[]; times: number }
  | {
      type: 'repeat';
      /** The stream whose events, `count` of them from the one at `first` on, are appended again. */
      of: string;
      to: string;
      first: number;
      count: number;
      variation: (typeof variations)[number];
      expectation: Expectation | 'the revision before them';
    }
  | { type: 'softDelete' | 'tombstone'; stream: string; expectation: Expectation }
>;

/** Whether there is something to repeat. */
export const isPossible = (change: Change, model: Readonly<Model>): boolean =>
  change.type !== 'repeat' || eventsToRepeat(change, model).length > 0;

/** The change as it is asked of the store and of the model, as the model is now. */
export const fitted = (change: Change, model: Readonly<Model>): ((writes: Writes) => WriteResult) => {
  switch (change.type) {
    case 'append': {
      const expected = expectedRevision(change.stream, change.expectation, model);
      const contents = Array.from({ length: change.times }, () => change.contents).flat();
      const events = contents.map((content, index) => eventOf(content, newId(model, index)));
      return (writes) => writes.append(change.stream, expected, events);
    }
    case 'repeat': {
      const repeated = eventsToRepeat(change, model);
      const before = (repeated[0]?.revision ?? 0) - 1;
      const expected =
        change.expectation === 'the revision before them'
          ? exactly(before)
          : expectedRevision(change.to, change.expectation, model);
      const events = varied(repeated, change.variation, eventOf(anyContent, newId(model, 0)));
      return (writes) => writes.append(change.to, expected, events);
    }
    case 'softDelete':
    case 'tombstone': {
      const expected = expectedRevision(change.stream, change.expectation, model);
      return (writes) => writes[change.type](change.stream, expected);
    }
  }
};

const expectedRevision = (stream: string, expectation: Expectation, model: Readonly<Model>): ExpectedRevision => {
  if (typeof expectation !== 'number') return expectation;
  const { last } = model.stateOf(stream);
  return exactly((last === tombstone ? 3 : last) + expectation);
};

const exactly = (revision: number) => (revision < 0 ? 'no_stream' : revision);

const eventsToRepeat = ({ of, first, count }: Extract<Change, { type: 'repeat' }>, model: Readonly<Model>) => {
  const events = model.all().filter(({ stream, id }) => stream === of && id !== madeByTheStore);
  const start = events.length === 0 ? 0 : first % events.length;
  return events.slice(start, start + count);
};

const varied = (
  events: readonly ProposedEvent[],
  variation: (typeof variations)[number],
  stranger: ProposedEvent,
): readonly ProposedEvent[] => {
  switch (variation) {
    case 'none':
      return events;
    case 'new first':
      return [stranger, ...events];
    case 'new in the middle':
      return [...events.slice(0, 1), stranger, ...events.slice(1)];
    case 'new last':
      return [...events, stranger];
    case 'reversed':
      return events.toReversed();
    case 'first one twice':
      return [...events.slice(0, 1), ...events];
  }
};

/** An event with nothing to it. */
export const anyContent: Content = { type: 'Counted', isJson: true, data: '{}', padding: 0 };

/** The event as it is proposed to a log. */
export const eventOf = ({ type, isJson, data, padding }: Content, id: string): ProposedEvent => ({
  id,
  type,
  isJson,
  metadata: Buffer.from(padding > 0 ? 'padded' : ''),
  data: Buffer.concat([Buffer.from(data as string), Buffer.alloc(padding)]),
});

/** An id that no event has, another for each index; it comes again when the event is not written. */
export const newId = (model: Readonly<Model>, index: number) =>
  `${ownIds}${(model.head() + 1 + index).toString(16).padStart(12, '0')}`;

const ownIds = '00000000-0000-4000-8000-';

/** Whether the id is one of a caller's event. */
export const isOwnId = (id: string): boolean => id.startsWith(ownIds);
