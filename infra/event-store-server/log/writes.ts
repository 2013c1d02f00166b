import { randomUUID } from 'node:crypto';
import type Database from 'libsql';
import { judge, tombstoneRevision, type ExpectedRevision } from '../rules/append-rules.js';
import { checksumOf } from './checksum.js';
import { sizeOf, type ProposedEvent } from './recorded-event.js';
import type { StreamIndex } from './stream-index.js';
import type { Stream, Streams } from './streams.js';
import { isMetadataStream, metadataStreamOf, ownerOf, softDeletion, undeletion } from '../rules/truncation.js';

/** `position` is absent when the write was an append of no events. */
export type WriteResult = Readonly<
  | { type: 'written'; last: number; position: number | undefined }
  | { type: 'wrong-version'; last: number }
  | { type: 'deleted' }
>;

/** The changes that a log allows. Each must run inside a transaction, and sees those before it. */
export type Writes = Readonly<{
  append: (stream: string, expected: ExpectedRevision, events: readonly ProposedEvent[]) => WriteResult;
  /** Hides the stream's events from its readers; it can be written again. */
  softDelete: (stream: string, expected: ExpectedRevision) => WriteResult;
  /** Closes the stream for ever. */
  tombstone: (stream: string, expected: ExpectedRevision) => WriteResult;
}>;

const nothing = new Uint8Array(0);

export const openWrites = (database: Database.Database, streams: Streams, index: StreamIndex): Writes => {
  const insertStream = database.prepare('INSERT INTO streams (name) VALUES (?)');
  const insertEvent = database.prepare(
    `INSERT INTO events (position, stream, revision, id, type, is_json, created, size, checksum, metadata, data)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const selectRevision = database.prepare('SELECT revision FROM events WHERE position = ?').raw();
  const selectId = database.prepare('SELECT id FROM events WHERE position = ?').raw();

  const append: Writes['append'] = (name, expected, events) => {
    const stream = streams.find(name);
    const verdict = judge(
      expected,
      stream,
      events.map(({ id }) => id),
      knownIds(stream),
    );
    switch (verdict.type) {
      case 'write':
        if (stream.isSoftDeleted && events.length > 0) undelete(stream);
        return insertAndReopen(streams.find(name), events);
      case 'repeat':
        return { type: 'written', last: verdict.last, position: positionOf(stream, verdict.last) };
      case 'wrong-version':
        return { type: 'wrong-version', last: stream.last };
      case 'deleted':
        return { type: 'deleted' };
    }
  };

  /** As in EventStoreDB, metadata written to a deleted stream opens it, but what was deleted stays hidden. */
  const insertAndReopen = (stream: Stream, events: readonly ProposedEvent[]): WriteResult => {
    const owner = isMetadataStream(stream.name) && events.length > 0 ? ownerOf(stream.name) : undefined;
    const reopens = owner !== undefined && streams.find(owner).isSoftDeleted;
    const result = insert(stream, events);
    if (reopens) undelete(streams.find(owner));
    return result;
  };

  const softDelete: Writes['softDelete'] = (name, expected) => {
    const stream = streams.find(name);
    const verdict = judge(expected, stream, [], knownIds(stream));
    if (verdict.type === 'deleted') return { type: 'deleted' };
    if (verdict.type !== 'write' || (stream.last < 0 && !stream.hasMetadata))
      return { type: 'wrong-version', last: stream.last };
    return insert(streams.find(metadataStreamOf(name)), [metadataEvent(softDeletion())]);
  };

  const tombstone: Writes['tombstone'] = (name, expected) => {
    const stream = streams.find(name);
    const verdict = judge(expected, stream, [], knownIds(stream));
    if (verdict.type === 'deleted') return { type: 'deleted' };
    if (verdict.type !== 'write') return { type: 'wrong-version', last: stream.last };
    const event = { id: randomUUID(), type: '$streamDeleted', isJson: false, metadata: nothing, data: nothing };
    return insert(stream, [event], tombstoneRevision);
  };

  const insert = (stream: Stream, events: readonly ProposedEvent[], first = stream.last + 1): WriteResult => {
    if (events.length === 0) return { type: 'written', last: stream.last, position: undefined };
    streams.change(stream.name, first === tombstoneRevision);
    const id = stream.id ?? Number(insertStream.run([stream.name]).lastInsertRowid);
    const created = Date.now();
    let revision = first;
    for (const event of events) {
      const position = index.last() + 1;
      const { id: eventId, type, isJson, metadata, data } = event;
      const place = { position, stream: stream.name, revision, created };
      const checksum = checksumOf({ ...place, id: eventId, type, isJson, metadata, data });
      const isJsonBit = isJson ? 1 : 0;
      const size = sizeOf(event);
      insertEvent.run([position, id, revision, eventId, type, isJsonBit, created, size, checksum, metadata, data]);
      index.add({ position, stream: id, revision, id: eventId, created });
      revision += 1;
    }
    const last = first + events.length - 1;
    streams.extend({ ...stream, id }, last);
    return { type: 'written', last, position: index.last() };
  };

  const undelete = (stream: Stream) => {
    const metadataStream = streams.find(metadataStreamOf(stream.name));
    insert(metadataStream, [metadataEvent(undeletion(stream.metadata ?? nothing, stream.last + 1))]);
  };

  const knownIds = ({ id: stream = 0 }: Stream) => ({
    revisionOf: (id: string) => field(selectRevision, index.positionOf(stream, id)) as number | undefined,
    idAt: (revision: number) => field(selectId, index.positionAt(stream, revision)) as string | undefined,
  });

  const positionOf = ({ id = 0 }: Stream, revision: number) => index.positionAt(id, revision);

  return { append, softDelete, tombstone };
};

const field = (select: Database.Statement, position: number | undefined): unknown =>
  position === undefined ? undefined : (select.get([position]) as [unknown] | undefined)?.[0];

const metadataEvent = (data: Uint8Array): ProposedEvent => ({
  id: randomUUID(),
  type: '$metadata',
  isJson: true,
  metadata: nothing,
  data,
});
