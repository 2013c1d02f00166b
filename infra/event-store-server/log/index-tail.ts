/** An event, as the index knows it. `created` is in milliseconds since 1970. */
export type IndexEntry = Readonly<{
  position: number;
  stream: number;
  revision: number;
  id: string;
  idHash: number;
  created: number;
}>;

/** Revisions from `first` to `last`, both included; `notBefore` is an instant in milliseconds since 1970. */
export type Range = Readonly<{
  stream: number;
  first: number;
  last: number;
  direction: 'forwards' | 'backwards';
  limit: number;
  notBefore: number;
}>;

/** The newest entries of the index, in memory. Its questions are answered from these alone. */
export type IndexTail = Readonly<{
  add: (entry: IndexEntry) => void;
  clear: () => void;
  /** Infinity when it holds nothing of the stream. */
  firstRevision: (stream: number) => number;
  lastRevision: (stream: number) => number | undefined;
  positionAt: (stream: number, revision: number) => number | undefined;
  positionOf: (stream: number, id: string, idHash: number) => number | undefined;
  range: (range: Range) => readonly number[];
  /** The hashes of all ids with their positions, rising. */
  byIdHash: () => readonly (readonly [number, number])[];
}>;

/** An entry, and the one before it that has the same hash. */
type Hashed = Readonly<{ entry: IndexEntry; earlier: Hashed | undefined }>;

export const openIndexTail = (): IndexTail => {
  const streams = new Map<number, IndexEntry[]>();
  const ids = new Map<number, Hashed>();

  const add: IndexTail['add'] = (entry) => {
    const entries = streams.get(entry.stream);
    if (entries) entries.push(entry);
    else streams.set(entry.stream, [entry]);
    ids.set(entry.idHash, { entry, earlier: ids.get(entry.idHash) });
  };

  const clear = () => {
    streams.clear();
    ids.clear();
  };

  const ofStream = (stream: number) => streams.get(stream) ?? [];

  const positionOf: IndexTail['positionOf'] = (stream, id, idHash) => {
    let hashed = ids.get(idHash);
    while (hashed && (hashed.entry.stream !== stream || hashed.entry.id !== id)) hashed = hashed.earlier;
    return hashed?.entry.position;
  };

  const range: IndexTail['range'] = ({ stream, first, last, direction, limit, notBefore }) => {
    const entries = ofStream(stream);
    const offset = entries[0]?.revision ?? 0;
    // Revisions have no holes, but for a tombstone at the end.
    const [from, to] = [Math.max(first - offset, 0), Math.min(last - offset, entries.length - 1)];
    const wanted: number[] = [];
    for (let step = 0; step <= to - from && wanted.length < limit; step += 1) {
      const entry = entries[direction === 'forwards' ? from + step : to - step];
      if (entry && entry.revision <= last && entry.created >= notBefore) wanted.push(entry.position);
    }
    return wanted;
  };

  const byIdHash = () => {
    const all: (readonly [number, number])[] = [];
    for (const newest of ids.values())
      for (let hashed: Hashed | undefined = newest; hashed; hashed = hashed.earlier)
        all.push([hashed.entry.idHash, hashed.entry.position]);
    return all.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
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
    positionOf,
    range,
    byIdHash,
  };
};
