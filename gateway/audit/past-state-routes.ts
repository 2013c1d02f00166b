import { DomainError } from '../../domains/shared/errors.js';
import { instantOf } from '../../domains/shared/instant.js';
import type { AnyAggregate } from '../../domains/shared/service.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import { route, type Route } from '../http/route.js';
import { ok } from '../http/success.js';
import { auditors } from './access.js';
import { differenceOf } from './difference.js';
import { DifferenceAnswer, DifferenceQuery, PastStateAnswer, PastStateQuery } from './past-state-answers.js';
import { createPastStates, type PastPoint, type PastState } from './past-states.js';
import type { JsonObject } from './plain-json.js';

export type PastStateParts = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  aggregates: readonly AnyAggregate[];
}>;

const refuses = [
  ...(['audit.no_such_category', 'audit.no_such_stream', 'audit.beyond_the_end'] as const),
  ...(['audit.unreadable_event', 'audit.tampered', 'request.invalid'] as const),
] as const;

/** Aggregates as they were. */
export const pastStateRoutes = (parts: PastStateParts): readonly Route[] => {
  const stateAt = createPastStates(parts);
  return [
    route(
      'GET',
      '/audit/streams/:stream/state',
      {
        id: 'getPastState',
        summary: 'An aggregate as it was just after a revision, or at an instant',
        access: auditors,
        query: PastStateQuery,
        answers: ok(PastStateAnswer),
        refuses,
      },
      async ({ params: { stream }, query: { revision, at } }) => {
        const found = await stateAt(stream, pointOf(['revision', revision], ['at', at]));
        return { status: 200, body: { stream, ...placeOf(found), state: found.state as JsonObject } };
      },
    ),

    route(
      'GET',
      '/audit/streams/:stream/difference',
      {
        id: 'getDifference',
        summary: 'What differs in an aggregate between two points of its past',
        access: auditors,
        query: DifferenceQuery,
        answers: ok(DifferenceAnswer),
        refuses,
      },
      async ({ params: { stream }, query: { fromRevision, fromAt, toRevision, toAt } }) => {
        const points = [
          pointOf(['fromRevision', fromRevision], ['fromAt', fromAt]),
          pointOf(['toRevision', toRevision], ['toAt', toAt]),
        ] as const;
        const [from, to] = [await stateAt(stream, points[0]), await stateAt(stream, points[1])];
        const changes = [...differenceOf(from.state, to.state)];
        return { status: 200, body: { stream, from: placeOf(from), to: placeOf(to), changes } };
      },
    ),
  ];
};

const placeOf = ({ revision, at }: PastState) => ({ revision, at: at.toISOString() });

type Field<Value> = readonly [name: string, value: Value | undefined];

/** @throws DomainError `request.invalid` where neither is given, or both are. */
const pointOf = ([byRevision, revision]: Field<number>, [byTime, at]: Field<string>): PastPoint => {
  if (revision !== undefined && at === undefined) return { revision };
  if (revision === undefined && at !== undefined) return { at: instantOf(byTime, at) };
  const detail = `is needed or else ${byTime}, and not both`;
  throw new DomainError('request.invalid', `${byRevision} ${detail}`, [{ pointer: `/${byRevision}`, detail }]);
};
