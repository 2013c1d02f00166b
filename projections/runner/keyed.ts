import { idOf, type StoredEvent } from '../../infra/event-store/stored-event.js';
import type { ProjectedEvent } from '../shared/projection.js';
import type { AnyView } from '../shared/view.js';
import { partitionOf } from './partition.js';

/** An event in the shape in which projections see it, or why it cannot be brought to it. */
export type Read = Readonly<{ stored: StoredEvent }> &
  (Readonly<{ event: StoredEvent }> | Readonly<{ error: unknown }>);

/** An event with the key whose order it keeps; `projected` is missing where it cannot be read. */
export type KeyedEvent = Readonly<{
  stored: StoredEvent;
  key: string;
  partition: number;
  projected?: ProjectedEvent;
  /** Why it cannot be applied. */
  error?: unknown;
}>;

type KeyOf = (event: ProjectedEvent) => string | null;

/**
 * The events of a batch that change something, by their keys. Where an event cannot be read, or its key cannot be told,
 * the key is taken from its data as stored, or else is the id in the name of its stream: what comes after it must wait
 * with it.
 */
export const keyEvents = (view: Pick<AnyView, 'key'>, batch: readonly Read[]): readonly KeyedEvent[] => {
  const key = view.key as KeyOf;
  return batch.flatMap((read): KeyedEvent[] => {
    try {
      if ('error' in read) throw read.error;
      const projected = projectedFrom(read.event);
      const found = key(projected);
      return found === null ? [] : [{ stored: read.stored, key: found, partition: partitionOf(found), projected }];
    } catch (error) {
      const found = keyAsStored(key, read.stored);
      return [{ stored: read.stored, key: found, partition: partitionOf(found), error }];
    }
  });
};

/** The categories that a projection reads hold only events that it declares. */
const projectedFrom = ({ type, data, streamId, revision, metadata }: StoredEvent): ProjectedEvent => ({
  type,
  data,
  streamId,
  revision,
  at: metadata.at,
});

const keyAsStored = (key: KeyOf, stored: StoredEvent): string => {
  try {
    const found: unknown = key(projectedFrom(stored));
    if (typeof found === 'string') return found;
  } catch {
    // Why it has no key is told with the error that made it be looked for here.
  }
  return idOf(stored.streamId);
};
