import { IsOptional } from 'class-validator';
import { DomainError } from '../../domains/shared/errors.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { StreamEvent } from '../../infra/event-store/stored-event.js';
import { Integer, ListOf, Nullable, Text } from '../http/fields.js';
import { route, type Route } from '../http/route.js';
import { ok } from '../http/success.js';
import { auditors } from './access.js';
import { StoredEventAnswer, storedEventAnswer } from './stored-event-answer.js';

export type StreamParts = Readonly<{ eventStore: Pick<EventStore, 'readStream'> }>;

export class StreamQuery {
  @IsOptional()
  @Integer(0, Number.MAX_SAFE_INTEGER)
  from?: number;

  @IsOptional()
  @Integer(1, 1_000)
  limit?: number;
}

export class StreamEventsAnswer {
  @ListOf(StoredEventAnswer, 1_000)
  items!: StoredEventAnswer[];

  @Nullable()
  @Text(20)
  nextCursor!: string | null;
}

/** The streams as they lie in the log. */
export const streamRoutes = ({ eventStore }: StreamParts): readonly Route[] => [
  route(
    'GET',
    '/audit/streams/:stream',
    {
      id: 'readStream',
      summary: 'The events of a stream, as they are stored',
      access: auditors,
      query: StreamQuery,
      answers: ok(StreamEventsAnswer),
      refuses: ['audit.no_such_stream'],
    },
    async ({ params: { stream }, query: { from = 0, limit = 20 } }) => {
      const events: StreamEvent[] = [];
      for await (const event of eventStore.readStream(stream, { from, most: limit + 1 })) events.push(event);
      if (events.length === 0 && from === 0)
        throw new DomainError('audit.no_such_stream', `There is no stream ${stream}`);
      const nextCursor = events.length > limit ? String(from + limit) : null;
      return { status: 200, body: { items: events.slice(0, limit).map(storedEventAnswer), nextCursor } };
    },
  ),
];
