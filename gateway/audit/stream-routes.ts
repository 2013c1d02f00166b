import { IsOptional } from 'class-validator';
import type { AuditIndex } from '../../infra/audit-log/audit-index.js';
import type { EventStore, StreamPart } from '../../infra/event-store/event-store.js';
import type { StreamEvent } from '../../infra/event-store/stored-event.js';
import { Formed, Id, Integer, ListOf, Nullable, OneOf, Text } from '../http/fields.js';
import { route, type Route } from '../http/route.js';
import { ok } from '../http/success.js';
import { auditors } from './access.js';
import { noSuchStream } from './past-states.js';
import { StoredEventAnswer, storedEventAnswer } from './stored-event-answer.js';
import { pageOfStream, readingFor, type Direction } from './stream-page.js';

export type StreamParts = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  auditIndex: Pick<AuditIndex, 'streams'>;
}>;

export class StreamsQuery {
  @IsOptional()
  @Id()
  prefix?: string;

  @IsOptional()
  @Integer(1, 100)
  limit?: number;

  @IsOptional()
  @Formed(/^[A-Za-z0-9._:-]{1,300}$/, 'the cursor of a page')
  cursor?: string;
}

export class StreamAnswer {
  @Text(300)
  stream!: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  lastRevision!: number;
}

export class StreamsAnswer {
  @ListOf(StreamAnswer, 100)
  items!: StreamAnswer[];

  @Nullable()
  @Text(300)
  nextCursor!: string | null;
}

export class StreamQuery {
  @IsOptional()
  @Integer(0, Number.MAX_SAFE_INTEGER - 1)
  from?: number;

  @IsOptional()
  @Integer(1, 1_000)
  limit?: number;

  @IsOptional()
  @OneOf(['forwards', 'backwards'])
  direction?: Direction;
}

export class StreamEventsAnswer {
  @ListOf(StoredEventAnswer, 1_000)
  items!: StoredEventAnswer[];

  @Nullable()
  @Text(20)
  nextCursor!: string | null;

  @Nullable()
  @Text(20)
  previousCursor!: string | null;
}

/** The streams as they lie in the log. */
export const streamRoutes = ({ eventStore, auditIndex }: StreamParts): readonly Route[] => {
  const read = async (stream: string, part: StreamPart): Promise<readonly StreamEvent[]> => {
    const events: StreamEvent[] = [];
    for await (const event of eventStore.readStream(stream, part)) events.push(event);
    return events;
  };
  const isThere = async (stream: string) => (await read(stream, { direction: 'backwards', most: 1 })).length > 0;

  return [
    route(
      'GET',
      '/audit/streams',
      {
        id: 'listStreams',
        summary: 'The streams whose names begin with a prefix, by name',
        access: auditors,
        query: StreamsQuery,
        answers: ok(StreamsAnswer),
        refuses: ['audit.no_such_category'],
      },
      async ({ query: { prefix = '', limit = 20, cursor = null } }) => {
        const found = await auditIndex.streams(prefix, { after: cursor, limit: limit + 1 });
        const items = found.slice(0, limit).map(({ streamId, lastRevision }) => ({ stream: streamId, lastRevision }));
        const nextCursor = found.length > limit ? (items.at(-1)?.stream ?? null) : null;
        return { status: 200, body: { items, nextCursor } };
      },
    ),

    route(
      'GET',
      '/audit/streams/:stream',
      {
        id: 'readStream',
        summary: 'The events of a stream, as they are stored',
        access: auditors,
        query: StreamQuery,
        answers: ok(StreamEventsAnswer),
        refuses: ['audit.no_such_category', 'audit.no_such_stream'],
      },
      async ({ params: { stream }, query: { from, limit = 20, direction = 'forwards' } }) => {
        const asked = { from, limit, direction };
        const events = await read(stream, readingFor(asked));
        if (events.length === 0 && !(await isThere(stream))) throw noSuchStream(stream);
        const { items, ...cursors } = pageOfStream(asked, events);
        return { status: 200, body: { items: items.map(storedEventAnswer), ...cursors } };
      },
    ),
  ];
};
