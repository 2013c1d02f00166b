import type Database from 'libsql';
import { tombstoneRevision, type StreamState } from '../append-rules.js';
import {
  isMetadataStream,
  isSoftDeleted,
  metadataStreamOf,
  ownerOf,
  truncationOf,
  type Truncation,
} from './truncation.js';

/** What the log knows of a stream. `id` is undefined until the stream's first event. */
export type Stream = StreamState &
  Readonly<{ name: string; id: number | undefined; metadata: Uint8Array | undefined; truncation: Truncation }>;

/** The streams of a log, the recently used ones kept in memory. */
export type Streams = Readonly<{
  find: (name: string) => Stream;
  /** Notes that the stream now ends at `last`. To be undone with `forget` when the transaction fails. */
  extend: (stream: Stream & Readonly<{ id: number }>, last: number) => void;
  forget: () => void;
}>;

const mostKept = 10_000;

export const openStreams = (database: Database.Database): Streams => {
  const selectId = database.prepare('SELECT id FROM streams WHERE name = ?').raw();
  const selectLast = database.prepare('SELECT max(revision) FROM events WHERE stream = ?').raw();
  const selectData = database.prepare('SELECT data FROM events WHERE stream = ? AND revision = ?').raw();
  const kept = new Map<string, Stream>();

  const find = (name: string): Stream => {
    const known = kept.get(name);
    if (known) return known;
    const stream = load(name);
    keep(stream);
    return stream;
  };

  const load = (name: string): Stream => {
    const { id, last } = lastOf(name);
    const owner = isMetadataStream(name) ? find(ownerOf(name)) : undefined;
    const metadata = owner ? undefined : lastMetadataOf(name);
    const truncation = truncationOf(name, metadata);
    return {
      name,
      id,
      last: owner?.last === tombstoneRevision ? tombstoneRevision : last,
      metadata,
      truncation,
      isSoftDeleted: isSoftDeleted(truncation),
      hasMetadata: metadata !== undefined,
    };
  };

  const lastOf = (name: string) => {
    const id = (selectId.get([name]) as [number] | undefined)?.[0];
    const last = id === undefined ? -1 : ((selectLast.get([id]) as [number | null])[0] ?? -1);
    return { id, last };
  };

  const lastMetadataOf = (name: string): Uint8Array | undefined => {
    const { id, last } = lastOf(metadataStreamOf(name));
    return id === undefined ? undefined : (selectData.get([id, last]) as [Uint8Array] | undefined)?.[0];
  };

  const keep = (stream: Stream) => {
    if (kept.size >= mostKept) kept.clear();
    kept.set(stream.name, stream);
  };

  const extend: Streams['extend'] = (stream, last) => {
    keep({ ...stream, last });
    // The metadata says how its owner is read, and a tombstone closes the metadata stream too.
    if (isMetadataStream(stream.name)) kept.delete(ownerOf(stream.name));
    if (last === tombstoneRevision) kept.delete(metadataStreamOf(stream.name));
  };

  return { find, extend, forget: () => kept.clear() };
};
