import type { StoredEvent } from '../../infra/event-store/stored-event.js';

type Batches = AsyncIterable<readonly StoredEvent[]>;

/** A read that finds nothing in so many batches is shown to be under way rather than waited for. */
const mostBatches = 16;

/**
 * The same batches, once the first events of them are there: what the read fails with by then is thrown here, before
 * anything is answered. It is left when `over` aborts, also where nobody takes anything of it.
 */
export const begun = async (batches: Batches, over: AbortSignal): Promise<Batches> => {
  const reading = batches[Symbol.asyncIterator]();
  over.addEventListener('abort', () => void reading.return?.(), { once: true });
  const first: (readonly StoredEvent[])[] = [];
  while (first.length < mostBatches && !first.at(-1)?.length) {
    over.throwIfAborted();
    const next = await reading.next();
    if (next.done) break;
    first.push(next.value);
  }
  return following(first, { [Symbol.asyncIterator]: () => reading });
};

async function* following(first: readonly (readonly StoredEvent[])[], rest: Batches) {
  yield* first;
  yield* rest;
}
