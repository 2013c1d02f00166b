import { DomainError } from '../../domains/shared/errors.js';
import type { AnyAggregate } from '../../domains/shared/service.js';
import { categoryOf } from '../../infra/event-store/stored-event.js';
import type { GatewayRequest, Route } from '../http/route.js';

/** A UUID (RFC 9562, 4), as correlations and most actors have it. */
export const uuidPattern = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** Who caused an event: a person's id, or the name of a part of the platform, such as `(saga)`. */
export const actorPattern = new RegExp(`${uuidPattern.source}|^\\([a-z-]{1,40}\\)$`);

type Aggregates = readonly Pick<AnyAggregate, 'category' | 'events'>[];

/**
 * A route that refuses names which the platform gives to nothing. It stands before whatever is recorded of a request:
 * what somebody has typed in a name's place may be personal.
 */
export const named =
  (aggregates: Aggregates) =>
  (route: Route): Route => ({
    ...route,
    handle: (request) => {
      refuseUnknownNames(aggregates, request);
      return route.handle(request);
    },
  });

type Names = Pick<GatewayRequest, 'pattern' | 'params' | 'query'> & Partial<Pick<GatewayRequest, 'body'>>;
type NamesInQuery = Readonly<{ category?: string; type?: string; prefix?: string }>;

/** @throws DomainError that says which of the names there is not. */
export const refuseUnknownNames = (aggregates: Aggregates, { pattern, params, query = {}, body }: Names): void => {
  const { category, type, prefix } = query as NamesInQuery;
  const { id, ...inPath } = params as Readonly<{ stream?: string; id?: string }>;
  const { stream } = { ...(body as Readonly<{ stream?: string }> | undefined), ...inPath };
  for (const each of [category, stream === undefined ? undefined : categoryOf(stream)])
    if (each !== undefined && !aggregates.some((aggregate) => aggregate.category === each))
      throw noSuchCategory(aggregates);
  if (prefix !== undefined && !aggregates.some((aggregate) => beginsWith(prefix, `${aggregate.category}-`)))
    throw noSuchCategory(aggregates);
  if (type !== undefined && !aggregates.some(({ events }) => Object.hasOwn(events, type)))
    throw new DomainError('audit.no_such_type', 'No event is of that type; types are written as in OrderPlaced');
  if (id !== undefined && pattern.endsWith('/audit/correlations/:id') && !uuidPattern.test(id))
    throw noSuchCorrelation();
};

/** Whether one of them is the beginning of the other. */
const beginsWith = (one: string, other: string) => one.startsWith(other) || other.startsWith(one);

const noSuchCategory = (aggregates: Aggregates) =>
  new DomainError(
    'audit.no_such_category',
    `The name of a stream begins with one of ${aggregates.map(({ category }) => `${category}-`).join(', ')}`,
  );

export const noSuchCorrelation = () =>
  new DomainError('audit.no_such_correlation', 'No event has that correlation id; it is the $correlationId of events');
