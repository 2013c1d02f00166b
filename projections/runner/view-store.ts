import type { Position, StoredEvent } from '../../infra/event-store/stored-event.js';

/** One view in the store that keeps it. Everything throws DomainError `service.unavailable` while the store is away. */
export type ViewStore = Readonly<{
  /** Makes what the view lies in, where it is not there. */
  prepare: () => Promise<void>;
  /** How far the view has got; `null` before its first event. */
  checkpoint: () => Promise<Position | null>;
  /**
   * Applies the events after `previous` and moves the checkpoint to the last of them. After a failure the same batch
   * may come again: it has its effect once.
   *
   * @throws PoisonEvent when the projection throws, Overtaken when the view is not at `previous`.
   */
  apply: (batch: readonly [StoredEvent, ...StoredEvent[]], previous: Position | null) => Promise<Position>;
}>;

/** Somebody else has moved the view on: its checkpoint must be read again. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** Where a batch ends. */
export const endOf = (batch: readonly [StoredEvent, ...StoredEvent[]]): Position => (batch.at(-1) ?? batch[0]).position;
