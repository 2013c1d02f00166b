import { IsOptional } from 'class-validator';
import type { AuditIndex } from '../../infra/audit-log/audit-index.js';
import type { EventStore, StreamPart } from '../../infra/event-store/event-store.js';
import type { StreamEvent } from '../../infra/event-store/stored-event.js';
import { decodeCursor, pageOf } from '../../projections/shared/queries.js';
import { Id, Integer, ListOf, Nullable, OneOf, Text } from '../http/fields.js';
import { PageQuery, pageOf as requestedPage } from '../http/page-query.js';
import { route, type Route } from '../http/route.js';
import { PageDto } from '../http/shapes.js';
import { ok } from '../http/success.js';
import { auditors } from './access.js';
import { noSuchStream } from './past-states.js';
import { StoredEventAnswer, storedEventAnswer } from './stored-event-answer.js';
import { pageOfStream, readingFor, type Direction } from './stream-page.js';

export type StreamParts = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  auditIndex: Pick<AuditIndex, 'streams'>;
}>;

export class StreamsQuery extends PageQuery {
  @IsOptional()
  @Id()
  prefix?: string;
}

export class StreamAnswer {
  @Text(300)
  stream!: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  lastRevision!: number;
}

export class StreamsAnswer extends PageDto {
  @ListOf(StreamAnswer, 100)
  items!: readonly StreamAnswer[];
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
        refuses: ['audit.no_such_category', 'request.invalid_cursor'],
      },
      async ({ query }) => {
        const { page, filter } = requestedPage(query);
        const after = page.cursor === undefined ? null : decodeCursor(page.cursor, ['string'])[0];
        const found = await auditIndex.streams(filter.prefix ?? '', { after, limit: page.limit + 1 });
        const { items, nextCursor } = pageOf(found, page, ({ streamId }) => [streamId]);
        const streams = items.map(({ streamId, lastRevision }) => ({ stream: streamId, lastRevision }));
        return { status: 200, body: { items: streams, nextCursor } };
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
        refuses: ['audit.no_such_category', 'audit.no_such_stream', 'audit.tampered'],
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
