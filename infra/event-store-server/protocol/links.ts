import { eventMessage } from './event-message.js';
import type { Reads, StoredEvent } from '../log/reads.js';
import { isTooLong } from '../rules/names.js';

/**
 * Encodes an event; one of type `$>` points, by `revision@stream`, to another, which goes with it. As in EventStoreDB,
 * one that does not begin with a revision is no link.
 */
export const resolvingAnswer =
  (reads: Reads) =>
  (event: StoredEvent): Buffer => {
    if (event.type !== '$>') return eventMessage(event);
    const [, revision, stream] = /^(\d+)(?:@(.+)?)?$/su.exec(Buffer.from(event.payload().data).toString()) ?? [];
    if (revision === undefined) return eventMessage(event);
    const isDead = stream === undefined || isTooLong(stream);
    return eventMessage(isDead ? undefined : reads.one(stream, Number(revision)), event);
  };
