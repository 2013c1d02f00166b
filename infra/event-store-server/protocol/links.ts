import { eventAnswer, linkAnswer } from './answers.js';
import type { Reads, StoredEvent } from '../log/reads.js';

/**
 * Encodes an event; one of type `$>` points, by `revision@stream`, to another, which goes with it. As in EventStoreDB,
 * one that does not begin with a revision is no link.
 */
export const resolvingAnswer =
  (reads: Reads) =>
  (event: StoredEvent): Buffer => {
    if (event.type !== '$>') return eventAnswer(event);
    const [, revision, stream] = /^(\d+)(?:@(.+)?)?$/su.exec(Buffer.from(event.payload().data).toString()) ?? [];
    if (revision === undefined) return eventAnswer(event);
    if (stream === undefined) return linkAnswer(event, undefined);
    const [target] = reads.stream(stream, 'forwards', Number(revision), 1);
    return linkAnswer(event, target?.revision === Number(revision) ? target : undefined);
  };
