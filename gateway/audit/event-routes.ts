import { IsOptional } from 'class-validator';
import { isDomainError, type ErrorCode } from '../../domains/shared/errors.js';
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
import { begun } from './begun.js';
import type { Correlations } from './correlations.js';
import { isWantedBy, type EventFilter } from './event-filter.js';
import { eventLines } from './event-lines.js';
import { actorPattern, uuidPattern } from './names.js';

export type EventParts = Readonly<{
  eventStore: Pick<EventStore, 'readAll'>;
  auditIndex: Pick<AuditIndex, 'before'>;
  correlations: Correlations;
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
export const eventRoutes = ({ eventStore, auditIndex, correlations, accessTokens }: EventParts): readonly Route[] => {
  let underWay = 0;

  /** Counted before anything is waited for, and until there is nothing more to send, whatever comes of it. */
  const enter = (over: AbortSignal) => {
    over.throwIfAborted();
    if (underWay >= mostAtOnce) throw overloaded('Too many read the log');
    underWay += 1;
    over.addEventListener('abort', () => (underWay -= 1), { once: true });
  };

  const batchesFor = async (filter: EventFilter, after: Position | null, over: AbortSignal) => {
    const { category, type, correlationId, from } = filter;
    const all = () => eventStore.readAll({ after, category, type });
    if (correlationId !== undefined) {
      const found = await eventsOfCorrelation(correlations, correlationId, over);
      return found ? only(found.filter(({ position }) => after === null || position.commit > after.commit)) : all();
    }
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
        refuses: ['audit.no_such_category', 'audit.no_such_type', 'audit.tampered', 'gateway.overloaded'],
      },
      async (request): Promise<StreamedAnswer> => {
        const { from, to, after, ...names } = request.query;
        const filter: EventFilter = { ...names, ...periodOf(from, to) };
        const over = request.over();
        enter(over);
        const found = await batchesFor(filter, after === undefined ? null : positionOf(after), over);
        const batches = await begun(found, over);
        const whenOver = (end: () => void) => accessTokens.whenOver(request.caller, end);
        return eventLines({ batches, isWanted: isWantedBy(filter), whenOver });
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
  over: AbortSignal,
): Promise<readonly StoredEvent[] | null> => {
  try {
    return await eventsOf([correlationId], over);
  } catch (error) {
    if (isDomainError(error) && areTooMany.has(error.code)) return null;
    throw error;
  }
};

const areTooMany: ReadonlySet<ErrorCode> = new Set(['audit.too_many_events', 'audit.index_behind']);

// eslint-disable-next-line @typescript-eslint/require-await -- there is nothing to wait for
async function* only(events: readonly StoredEvent[]) {
  yield events;
}
