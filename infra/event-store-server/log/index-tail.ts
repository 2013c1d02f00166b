import { hashOf } from './id-hash.js';

/** An event, as the index knows it. `created` is in milliseconds since 1970. */
export type IndexEntry = Readonly<{
  position: number;
  stream: number;
  revision: number;
  id: string;
  created: number;
}>;

/**
 * Revisions from `first` to `last`, both included, that lie at positions `upTo` at most; `notBefore` is an instant in
 * milliseconds since 1970.
 */
export type Range = Readonly<{
  stream: number;
  first: number;
  last: number;
  direction: 'forwards' | 'backwards';
  limit: number;
  notBefore: number;
  upTo: number;
}>;

/** The newest entries of the index, in memory. Its questions are answered from these alone. */
export type IndexTail = Readonly<{
  add: (entry: IndexEntry) => void;
  clear: () => void;
  /** Infinity when it holds nothing of the stream. */
  firstRevision: (stream: number) => number;
  lastRevision: (stream: number) => number | undefined;
  positionAt: (stream: number, revision: number) => number | undefined;
  positionOf: (stream: number, id: string) => number | undefined;
  range: (range: Range) => readonly number[];
  byRevision: () => readonly IndexEntry[];
  byIdHash: () => readonly Readonly<{ idHash: number; position: number }>[];
}>;

export const openIndexTail = (): IndexTail => {
  const streams = new Map<number, IndexEntry[]>();
  const ids = new Map<string, IndexEntry[]>();

  const add: IndexTail['add'] = (entry) => {
    put(streams, entry.stream, entry);
    put(ids, entry.id, entry);
  };

  const clear = () => {
    streams.clear();
    ids.clear();
  };

  const ofStream = (stream: number) => streams.get(stream) ?? [];

  const range: IndexTail['range'] = ({ stream, first, last, direction, limit, notBefore, upTo }) => {
    const entries = ofStream(stream);
    const offset = entries[0]?.revision ?? 0;
    // Revisions have no holes, but for a tombstone at the end.
    const [from, to] = [Math.max(first - offset, 0), Math.min(last - offset, entries.length - 1)];
    const wanted: number[] = [];
    for (let step = 0; step <= to - from && wanted.length < limit; step += 1) {
      const entry = entries[direction === 'forwards' ? from + step : to - step];
      if (!entry || entry.revision > last || entry.created < notBefore || entry.position > upTo) continue;
      wanted.push(entry.position);
    }
    return wanted;
  };

  return {
    add,
    clear,
    firstRevision: (stream) => ofStream(stream)[0]?.revision ?? Infinity,
    lastRevision: (stream) => ofStream(stream).at(-1)?.revision,
    positionAt: (stream, revision) => {
      const entries = ofStream(stream);
      const entry = entries[revision - (entries[0]?.revision ?? 0)] ?? entries.at(-1);
      return entry?.revision === revision ? entry.position : undefined;
    },
    positionOf: (stream, id) => ids.get(id)?.findLast((entry) => entry.stream === stream)?.position,
    range,
    byRevision: () => [...streams].sort(([a], [b]) => a - b).flatMap(([, entries]) => entries),
    byIdHash: () =>
      [...ids]
        .flatMap(([id, entries]) => entries.map(({ position }) => ({ idHash: hashOf(id), position })))
        .sort((a, b) => a.idHash - b.idHash || a.position - b.position),
  };
};

const put = <Key>(map: Map<Key, IndexEntry[]>, key: Key, entry: IndexEntry) => {
  const entries = map.get(key);
  if (entries) entries.push(entry);
  else map.set(key, [entry]);
};
