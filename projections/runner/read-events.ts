import { isDomainError } from '../../domains/shared/errors.js';
import type { AnyAggregate } from '../../domains/shared/service.js';
import { presentEvent } from '../../infra/command-handling/readable-event.js';
import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import type { PersonalKeys } from '../../infra/security/personal-keys.js';
import { openEvent } from '../../infra/security/sealing.js';
import type { Read } from './keyed.js';

/**
 * Brings stored events to the present shape of their types, by the kinds of streams that there are; with `isOpened` their
 * personal fields are readable, otherwise they stay sealed. An event that this code does not know comes with the error.
 *
 * @throws DomainError `service.unavailable` where it cannot be told whether a person's key is there.
 */
export const readEvents = (aggregates: readonly AnyAggregate[], personalKeys: Pick<PersonalKeys, 'find'>) => {
  const present = presentFor(aggregates);

  const read = (stored: StoredEvent) => {
    try {
      return { stored, ...present(stored) };
    } catch (error) {
      return { stored, error };
    }
  };

  return async (batch: readonly StoredEvent[], isOpened: boolean): Promise<readonly Read[]> => {
    const found = batch.map(read);
    if (!isOpened) return found;
    return Promise.all(
      found.map(async (each) => {
        if ('error' in each) return each;
        try {
          const data = await openEvent(personalKeys, each.event, each.schema);
          return { stored: each.stored, event: { ...each.event, data } };
        } catch (error) {
          if (isDomainError(error)) throw error;
          return { stored: each.stored, error };
        }
      }),
    );
  };
};

/**
 * Brings a stored event to the present shape of its type; personal fields stay sealed. What it gives throws Error where
 * none of these kinds of streams has the event's category, type or schema version.
 */
export const presentFor = (aggregates: readonly AnyAggregate[]) => {
  const byCategory = new Map(aggregates.map((aggregate) => [aggregate.category, aggregate]));
  return (stored: StoredEvent) => {
    const aggregate = byCategory.get(stored.category);
    if (!aggregate) throw new Error(`No context of this version has streams of the category ${stored.category}`);
    const { event, schema } = presentEvent(stored, aggregate);
    const metadata = { ...stored.metadata, schemaVersion: schema.version };
    return { event: { ...stored, data: event.data, metadata }, schema };
  };
};
