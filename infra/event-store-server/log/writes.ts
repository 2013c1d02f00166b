import { randomUUID } from 'node:crypto';
import type Database from 'libsql';
import { judge, tombstoneRevision, type ExpectedRevision } from '../append-rules.js';
import { sizeOf, type ProposedEvent } from './recorded-event.js';
import type { Stream, Streams } from './streams.js';
import { metadataStreamOf, softDeletion, undeletion } from './truncation.js';

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

export const openWrites = (database: Database.Database, streams: Streams): Writes => {
  const insertStream = database.prepare('INSERT INTO streams (name) VALUES (?)');
  const insertEvent = database.prepare(
    `INSERT INTO events (stream, revision, id, type, is_json, created, size, metadata, data)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  // max(revision) would make SQLite walk the whole stream backwards in search of the id.
  const selectRevision = database
    .prepare(
      'SELECT revision FROM events INDEXED BY events_by_id WHERE stream = ? AND id = ? ORDER BY revision DESC LIMIT 1',
    )
    .raw();
  const selectId = database.prepare('SELECT id FROM events WHERE stream = ? AND revision = ?').raw();
  const selectPosition = database.prepare('SELECT position FROM events WHERE stream = ? AND revision = ?').raw();

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
        return insert(streams.find(name), events);
      case 'repeat':
        return { type: 'written', last: verdict.last, position: positionOf(stream, verdict.last) };
      case 'wrong-version':
        return { type: 'wrong-version', last: stream.last };
      case 'deleted':
        return { type: 'deleted' };
    }
  };

  const softDelete: Writes['softDelete'] = (name, expected) => {
    const stream = streams.find(name);
    const verdict = judge(expected, stream, [], knownIds(stream));
    if (verdict.type === 'deleted') return { type: 'deleted' };
    if (verdict.type !== 'write' || stream.last < 0) return { type: 'wrong-version', last: stream.last };
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
    const id = stream.id ?? Number(insertStream.run([stream.name]).lastInsertRowid);
    const created = Date.now();
    let position = 0;
    for (const [index, event] of events.entries()) {
      const { id: eventId, type, isJson, metadata, data } = event;
      const row = [id, first + index, eventId, type, isJson ? 1 : 0, created, sizeOf(event), metadata, data];
      position = Number(insertEvent.run(row).lastInsertRowid);
    }
    const last = first + events.length - 1;
    streams.extend({ ...stream, id }, last);
    return { type: 'written', last, position };
  };

  const undelete = (stream: Stream) => {
    const metadataStream = streams.find(metadataStreamOf(stream.name));
    insert(metadataStream, [metadataEvent(undeletion(stream.metadata ?? nothing, stream.last + 1))]);
  };

  const knownIds = ({ id: stream }: Stream) => ({
    revisionOf: (id: string) => (selectRevision.get([stream ?? 0, id]) as [number] | undefined)?.[0],
    idAt: (revision: number) => (selectId.get([stream ?? 0, revision]) as [string] | undefined)?.[0],
  });

  const positionOf = ({ id }: Stream, revision: number) => (selectPosition.get([id ?? 0, revision]) as [number])[0];

  return { append, softDelete, tombstone };
};

const metadataEvent = (data: Uint8Array): ProposedEvent => ({
  id: randomUUID(),
  type: '$metadata',
  isJson: true,
  metadata: nothing,
  data,
});
