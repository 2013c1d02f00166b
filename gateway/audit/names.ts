import { DomainError } from '../../domains/shared/errors.js';
import type { AnyAggregate } from '../../domains/shared/service.js';
import { uuidInAnyCase } from '../../domains/shared/uuid.js';
import { categoryOf } from '../../infra/event-store/stored-event.js';
import { decodeCursor } from '../../projections/shared/queries.js';
import type { GatewayRequest, Route } from '../http/route.js';

/** As correlations and most actors have it. */
export const uuidPattern = uuidInAnyCase;

/** Who caused an event: a person's id, or the name of a part of the platform, such as `(saga)`. */
export const actorPattern = new RegExp(`${uuidPattern.source}|^\\([a-z-]{1,40}\\)$`);

type Aggregates = readonly Pick<AnyAggregate, 'category' | 'events'>[];

/** What there are names of. */
export type Named = Readonly<{ aggregates: Aggregates; viewNames: readonly string[] }>;

/**
 * A route that refuses names which the platform gives to nothing. It stands before whatever is recorded of a request:
 * what somebody has typed in a name's place may be personal.
 */
export const named =
  (names: Named) =>
  (route: Route): Route => ({
    ...route,
    handle: (request) => {
      refuseUnknownNames(names, request);
      return route.handle(request);
    },
  });

type Names = Pick<GatewayRequest, 'pattern' | 'params' | 'query'> & Partial<Pick<GatewayRequest, 'body'>>;
type NamesInQuery = Readonly<{ category?: string; type?: string; prefix?: string; cursor?: string | number }>;
type NamesInBody = Readonly<{ stream?: string; view?: string }>;

/** @throws DomainError that says which of the names there is not. */
export const refuseUnknownNames = (
  { aggregates, viewNames }: Named,
  { pattern, params, query = {}, body = {} }: Names,
): void => {
  const { category, type, prefix, cursor } = query as NamesInQuery;
  const { stream, view } = { ...(body as NamesInBody), ...(params as Readonly<{ stream?: string }>) };
  for (const each of [category, stream === undefined ? undefined : categoryOf(stream)])
    if (each !== undefined && !aggregates.some((aggregate) => aggregate.category === each))
      throw noSuchCategory(aggregates);
  if (prefix !== undefined && !aggregates.some((aggregate) => beginsWith(prefix, `${aggregate.category}-`)))
    throw noSuchCategory(aggregates);
  if (type !== undefined && !aggregates.some(({ events }) => Object.hasOwn(events, type)))
    throw new DomainError('audit.no_such_type', 'No event is of that type; types are written as in OrderPlaced');
  if (view !== undefined && !viewNames.includes(view)) throw noSuchView(viewNames);
  if (typeof cursor === 'string') decodeCursor(cursor, ['string']);
  refuseUnknownIds(pattern, params);
};

const refuseUnknownIds = (pattern: string, { id, position }: Readonly<{ id?: string; position?: string }>): void => {
  if (position !== undefined) positionOf(position);
  if (id === undefined || uuidPattern.test(id)) return;
  const kind = Object.keys(noSuchId).find((each) => pattern.includes(`/audit/${each}/:id`));
  if (kind !== undefined) throw noSuchId[kind as keyof typeof noSuchId]();
};

/** A position of the log as a path has it. @throws DomainError `audit.not_logged` where it is none. */
export const positionOf = (text: string): bigint => {
  if (/^\d{1,18}$/.test(text)) return BigInt(text);
  throw new DomainError('audit.not_logged', 'A position has up to 18 digits; take one of a stored event');
};

/** Whether one of them is the beginning of the other. */
const beginsWith = (one: string, other: string) => one.startsWith(other) || other.startsWith(one);

const noSuchCategory = (aggregates: Aggregates) =>
  new DomainError(
    'audit.no_such_category',
    `The name of a stream begins with one of ${aggregates.map(({ category }) => `${category}-`).join(', ')}`,
  );

const noSuchView = (viewNames: readonly string[]) =>
  new DomainError('projection.not_found', `There is no such view; there are ${viewNames.join(', ')}`);

export const noSuchCorrelation = () =>
  new DomainError('audit.no_such_correlation', 'No event has that correlation id; it is the $correlationId of events');

/** What is said of an id that can be none, by the kind of thing that it should be the id of. */
const noSuchId = {
  correlations: noSuchCorrelation,
  replays: () =>
    new DomainError('audit.no_replay', 'There is no such replay; GET /audit/replays lists those that are kept'),
  verifications: () =>
    new DomainError('audit.no_verification', 'There is no such verification; POST /audit/verifications asks for one'),
} as const;
