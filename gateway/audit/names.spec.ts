import { isDomainError } from '../../domains/shared/errors.js';
import { actorPattern, refuseUnknownNames, uuidPattern } from './names.js';

const aggregates = [
  { category: 'order', events: { OrderPlaced: { version: 1 } } },
  { category: 'audit', events: { AuditRead: { version: 1 } } },
];
const correlations = '/api/v1/audit/correlations/:id';
const uuid = '3c0ad1c2-5a53-5a55-8e0f-5a2b7b1c9f11';

const refusalOf = (params: Readonly<Record<string, string>>, query?: object, pattern = '/api/v1/audit') => {
  try {
    refuseUnknownNames(aggregates, { params, query, pattern });
    return 'none';
  } catch (error) {
    return isDomainError(error) ? error.code : 'a fault';
  }
};

it.each([
  ['order-1', 'none'],
  ['order-', 'none'],
  ['ada-lovelace', 'audit.no_such_category'],
  ['order', 'audit.no_such_category'],
  ['orders-1', 'audit.no_such_category'],
  ['constructor-1', 'audit.no_such_category'],
])('of the stream %s: %s', (stream, code) => expect(refusalOf({ stream })).toBe(code));

it('of a stream in a body as well', () => {
  const ofBody = (stream: string) => () =>
    refuseUnknownNames(aggregates, { params: {}, query: undefined, pattern: '/api/v1/audit', body: { stream } });
  expect(ofBody('order-1')).not.toThrow();
  expect(ofBody('ada-lovelace')).toThrow('The name of a stream begins with one of order-, audit-');
});

it.each([
  [{ category: 'order' }, 'none'],
  [{ category: 'ada' }, 'audit.no_such_category'],
  [{ type: 'OrderPlaced', category: 'audit' }, 'none'],
  [{ type: 'Ada' }, 'audit.no_such_type'],
  [{ type: 'constructor' }, 'audit.no_such_type'],
  [{ prefix: 'or' }, 'none'],
  [{ prefix: 'order-12' }, 'none'],
  [{ prefix: 'ada' }, 'audit.no_such_category'],
  [{}, 'none'],
])('of the query %j: %s', (query, code) => expect(refusalOf({}, query)).toBe(code));

it('of a correlation: that its id is none', () => {
  expect(refusalOf({ id: uuid }, undefined, correlations)).toBe('none');
  expect(refusalOf({ id: 'ada' }, undefined, correlations)).toBe('audit.no_such_correlation');
  expect(refusalOf({ id: 'ada' })).toBe('none');
});

it.each([
  [uuid, true],
  ['(saga)', true],
  ['ada', false],
  ['(Ada Lovelace)', false],
  ['ada@example.org', false],
  [`${uuid}(saga)`, false],
])('takes %s for an actor: %s', (actor, isOne) => expect(actorPattern.test(actor)).toBe(isOne));

it('takes only a whole UUID for one', () => expect(uuidPattern.test(`x${uuid}`)).toBe(false));
