import type { Message } from './decider.js';

/**
 * How events of one type are stored: the version of their shape, and the fields that are personal data.
 * `subject` names the field that holds the id of the person whose key seals them.
 */
export type EventSchema<Data> = Readonly<{
  version: number;
  personal?: Readonly<{ subject: keyof Data & string; fields: readonly (keyof Data & string)[] }>;
}>;

/** One schema per event type of a stream category. */
export type EventSchemas<Event extends Message> = {
  readonly [Type in Event['type']]: EventSchema<Extract<Event, { type: Type }>['data']>;
};

/** A personal field as it is read back: `null` once the person's key is gone, or where it was not opened. */
export type Personal<Value> = Value | null;
