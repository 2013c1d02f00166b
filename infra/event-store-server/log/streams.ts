import type Database from 'libsql';
import { tombstoneRevision, type StreamState } from '../rules/append-rules.js';
import { UnusableDatabase } from './unusable-database.js';
import type { StreamIndex } from './stream-index.js';
import {
  isMetadataStream,
  isSoftDeleted,
  metadataStreamOf,
  ownerOf,
  truncationOf,
  type Truncation,
} from '../rules/truncation.js';

/** What the log knows of a stream. `id` is undefined until the stream's first event. */
export type Stream = StreamState &
  Readonly<{ name: string; id: number | undefined; metadata: Uint8Array | undefined; truncation: Truncation }>;

/** The streams of a log, the recently used ones kept in memory. */
export type Streams = Readonly<{
  find: (name: string) => Stream;
  /** The name under a number. @throws UnusableDatabase when there is none. */
  nameOf: (id: number) => string;
  /** The stream as it was when all that was written of it was last durable: this is what readers may see. */
  durable: (name: string) => Stream;
  /** To be called before the stream is written to, in a transaction; a tombstone closes its metadata stream, too. */
  change: (name: string, isTombstone: boolean) => void;
  /** To be called when everything written is durable. */
  settle: () => void;
  /** Notes that the stream now ends at `last`. To be undone with `forget` when the transaction fails. */
  extend: (stream: Stream & Readonly<{ id: number }>, last: number) => void;
  forget: () => void;
  /** Reads the stream anew, and the one that it is the metadata of, when they are next asked for. */
  drop: (name: string) => void;
}>;

const mostKept = 10_000;

export const openStreams = (database: Database.Database, index: StreamIndex): Streams => {
  const selectId = database.prepare('SELECT id FROM streams WHERE name = ?').raw();
  const selectData = database.prepare('SELECT data FROM events WHERE position = ?').raw();
  const selectName = database.prepare('SELECT CAST(name AS BLOB) FROM streams WHERE id = ?').raw();
  const kept = new Map<string, Stream>();
  const names = new Map<number, string>();

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
    return { id, last: id === undefined ? -1 : index.lastRevision(id) };
  };

  const lastMetadataOf = (name: string): Uint8Array | undefined => {
    const { id, last } = lastOf(metadataStreamOf(name));
    const position = id === undefined ? undefined : index.positionAt(id, last);
    return position === undefined ? undefined : (selectData.get([position]) as [Uint8Array] | undefined)?.[0];
  };

  const nameOf: Streams['nameOf'] = (id) => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const [name] = (selectName.get([id]) ?? []) as [Uint8Array?];
    if (!name)
      throw new UnusableDatabase(`The database file lacks stream ${id}, which has events: restore it from a backup`);
    if (names.size >= mostKept) names.clear();
    const text = Buffer.from(name).toString();
    names.set(id, text);
    return text;
  };

  const keep = (stream: Stream) => {
    if (kept.size >= mostKept) kept.clear();
    kept.set(stream.name, stream);
  };

  const before = new Map<string, Stream>();

  const change: Streams['change'] = (name, isTombstone) => {
    const changed = [
      name,
      ...(isMetadataStream(name) ? [ownerOf(name)] : []),
      ...(isTombstone ? [metadataStreamOf(name)] : []),
    ];
    for (const one of changed) if (!before.has(one)) before.set(one, find(one));
  };

  const drop = (name: string) => {
    kept.delete(name);
    if (isMetadataStream(name)) kept.delete(ownerOf(name));
  };

  const forget = () => {
    kept.clear();
    names.clear();
    before.clear();
  };

  const extend: Streams['extend'] = (stream, last) => {
    keep({ ...stream, last });
    // The metadata says how its owner is read, and a tombstone closes the metadata stream, and that of it, too.
    if (isMetadataStream(stream.name)) kept.delete(ownerOf(stream.name));
    if (last === tombstoneRevision) kept.clear();
  };

  return {
    find,
    nameOf,
    durable: (name) => before.get(name) ?? find(name),
    change,
    settle: () => before.clear(),
    extend,
    drop,
    forget,
  };
};
