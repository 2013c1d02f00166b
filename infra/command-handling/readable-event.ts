import type { Message } from '../../domains/shared/decider.js';
import type { EventSchema } from '../../domains/shared/event-schema.js';
import type { AnyAggregate } from '../../domains/shared/service.js';
import { upcast } from '../../domains/shared/upcast.js';
import type { StreamEvent } from '../event-store/stored-event.js';

/** How events of one type are stored, whatever the type. */
export type Schema = EventSchema<Record<string, unknown>>;

/** An event in the present shape of its type, and how that shape is stored. */
export type PresentEvent = Readonly<{ event: Message & Readonly<{ data: Data }>; schema: Schema }>;
type Data = Readonly<Record<string, unknown>>;

/**
 * A stored event in the present shape of its type; personal fields stay sealed.
 *
 * @throws Error where this code does not know the type, or its version.
 */
export const presentEvent = (
  stored: Pick<StreamEvent, 'streamId' | 'type' | 'data' | 'metadata'>,
  aggregate: Pick<AnyAggregate, 'events' | 'upcasters'>,
): PresentEvent => {
  const schema = schemaOf(aggregate, stored);
  const data = upcast(aggregate.upcasters, stored, stored.metadata.schemaVersion, schema.version);
  return { event: { type: stored.type, data }, schema };
};

/** @throws Error where this code does not know the type. */
export const schemaOf = ({ events }: Pick<AnyAggregate, 'events'>, { type }: Pick<Message, 'type'>): Schema => {
  const schemas = events as Readonly<Record<string, Schema | undefined>>;
  const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (!schema) throw new Error(`${type} is in a stream, but no events.ts of this version knows it`);
  return schema;
};
