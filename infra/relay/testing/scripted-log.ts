import { once } from 'node:events';
import { v4 as randomId } from 'uuid';
import type { EventStore } from '../../event-store/event-store.js';
import type { StoredEvent } from '../../event-store/stored-event.js';
import { newTraceparent } from '../../telemetry/tracing.js';

/** Tests only: an event of a stream of its own, at a place in the log. */
export const eventAt = (commit: number, type: string): StoredEvent => ({
  id: randomId(),
  streamId: `tally-${randomId()}`,
  category: 'tally',
  revision: 0,
  position: { commit: BigInt(commit), prepare: BigInt(commit) },
  type,
  data: {},
  metadata: {
    ...{ $correlationId: randomId(), $causationId: randomId(), commandId: randomId(), actor: 'u1' },
    ...{ at: new Date().toISOString(), schemaVersion: 1, traceparent: newTraceparent() },
  },
  created: new Date(),
});

/** Tests only: a log that is followed batch by batch; `through` resolves once a relay is done with all of them. */
export const scriptedLog = (batches: readonly (readonly StoredEvent[])[]) => {
  let tellThrough: () => void = () => undefined;
  const through = new Promise<void>((resolve) => (tellThrough = resolve));
  const begun: (bigint | null)[] = [];
  const eventStore: Pick<EventStore, 'head' | 'follow' | 'readStream'> = {
    head: () => Promise.resolve(null),
    follow: async function* (_, { after, signal, types, passedBy }) {
      begun.push(after?.commit ?? null);
      for (const batch of batches) {
        const rest = batch.filter(({ position }) => position.commit > (after?.commit ?? -1n));
        const wanted = rest.filter(({ type }) => types?.includes(type) !== false);
        if (wanted.length > 0) yield wanted;
        const last = rest.at(-1);
        if (last) passedBy?.(last.position);
      }
      tellThrough();
      if (!signal.aborted) await once(signal, 'abort');
    },
    readStream: async function* (streamId) {
      await Promise.resolve();
      yield* batches.flat().filter((event) => event.streamId === streamId);
    },
  };
  return { eventStore, through, begun };
};
