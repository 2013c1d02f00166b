import { IsOptional } from 'class-validator';
import { isDomainError } from '../../domains/shared/errors.js';
import { instantOf } from '../../domains/shared/instant.js';
import type { AuditIndex } from '../../infra/audit-log/audit-index.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Position, StoredEvent } from '../../infra/event-store/stored-event.js';
import type { AccessTokens } from '../../infra/security/access-tokens.js';
import { eventIdPattern } from '../http/event-stream.js';
import { Formed, Instant } from '../http/fields.js';
import { route, type Route, type StreamedAnswer } from '../http/route.js';
import { lines } from '../http/success.js';
import { overloaded } from '../limits/limit-reached.js';
import { auditors } from './access.js';
import type { Correlations } from './correlations.js';
import { isWantedBy, type EventFilter } from './event-filter.js';
import { eventLines } from './event-lines.js';
import { actorPattern, uuidPattern } from './names.js';

export type EventParts = Readonly<{
  eventStore: Pick<EventStore, 'readAll'>;
  auditIndex: Pick<AuditIndex, 'before'>;
  accessTokens: Pick<AccessTokens, 'whenOver'>;
}>;

/** Each reads as fast as it can: more of them at once would leave nothing to others. */
const mostAtOnce = 8;

export class StoredEventsQuery {
  @IsOptional()
  @Formed(/^[a-z]{1,40}$/, 'a category, such as order')
  category?: string;

  @IsOptional()
  @Formed(/^[A-Z][A-Za-z]{1,99}$/, 'a type of event, such as OrderPlaced')
  type?: string;

  @IsOptional()
  @Formed(actorPattern, 'the id of a user, or a part of the platform such as (saga)')
  actor?: string;

  @IsOptional()
  @Formed(uuidPattern, 'a UUID')
  correlationId?: string;

  @IsOptional()
  @Instant()
  from?: string;

  @IsOptional()
  @Instant()
  to?: string;

  @IsOptional()
  @Formed(eventIdPattern, 'the position of a line that came: at most 18 decimal digits')
  after?: string;
}

/** All events, or some, as they lie in the log. */
export const eventRoutes = (
  { eventStore, auditIndex, accessTokens }: EventParts,
  correlations: Correlations,
): readonly Route[] => {
  let underWay = 0;

  const batchesFor = async (filter: EventFilter, after: Position | null) => {
    const { category, type, correlationId, from } = filter;
    const all = () => eventStore.readAll({ after, category, type });
    if (correlationId !== undefined) return (await eventsOfCorrelation(correlations, correlationId, after)) ?? all();
    if (from === undefined || after !== null) return all();
    return eventStore.readAll({ after: await auditIndex.before(from), category, type });
  };

  return [
    route(
      'GET',
      '/audit/events',
      {
        id: 'readEvents',
        summary: 'Events as they are stored, one in a line; after the position of the last line it goes on',
        access: auditors,
        query: StoredEventsQuery,
        answers: lines,
        refuses: ['audit.no_such_category', 'audit.no_such_type', 'gateway.overloaded'],
      },
      async ({ caller, query: { from, to, after, ...names } }): Promise<StreamedAnswer> => {
        if (underWay >= mostAtOnce) throw overloaded('Too many read the log');
        const filter: EventFilter = { ...names, ...periodOf(from, to) };
        const batches = await batchesFor(filter, after === undefined ? null : positionOf(after));
        const whenOver = (end: () => void) => accessTokens.whenOver(caller, end);
        const answer = eventLines({ batches, isWanted: isWantedBy(filter), whenOver });
        return {
          ...answer,
          stream: async (sink, signal) => {
            underWay += 1;
            try {
              await answer.stream(sink, signal);
            } finally {
              underWay -= 1;
            }
          },
        };
      },
    ),
  ];
};

const periodOf = (from: string | undefined, to: string | undefined) => ({
  from: from === undefined ? undefined : instantOf('from', from),
  to: to === undefined ? undefined : instantOf('to', to),
});

/** Commit and prepare are the same but for transactions of several writes, which the platform has none of. */
const positionOf = (digits: string): Position => ({ commit: BigInt(digits), prepare: BigInt(digits) });

/** `null` where there are so many that a look through the whole log is the way to them. */
const eventsOfCorrelation = async (
  { eventsOf }: Correlations,
  correlationId: string,
  after: Position | null,
): Promise<AsyncIterable<readonly StoredEvent[]> | null> => {
  try {
    const events = await eventsOf([correlationId]);
    return only(events.filter(({ position }) => after === null || position.commit > after.commit));
  } catch (error) {
    if (isDomainError(error) && error.code === 'audit.too_many_events') return null;
    throw error;
  }
};

// eslint-disable-next-line @typescript-eslint/require-await -- there is nothing to wait for
async function* only(events: readonly StoredEvent[]) {
  yield events;
}
