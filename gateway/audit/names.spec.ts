import { isDomainError } from '../../domains/shared/errors.js';
import { encodeCursor } from '../../projections/shared/queries.js';
import { actorPattern, refuseUnknownNames } from './names.js';

const aggregates = [
  { category: 'order', events: { OrderPlaced: { version: 1 } } },
  { category: 'audit', events: { AuditRead: { version: 1 } } },
];
const names = { aggregates, viewNames: ['orders', 'stock'] };
const uuid = '3c0ad1c2-5a53-5a55-8e0f-5a2b7b1c9f11';

const refusalOf = (params: Readonly<Record<string, string>>, query?: object, pattern = '/api/v1/audit') => {
  try {
    refuseUnknownNames(names, { params, query, pattern });
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
    refuseUnknownNames(names, { params: {}, query: undefined, pattern: '/api/v1/audit', body: { stream } });
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

it.each([
  ['correlations/:id', 'audit.no_such_correlation'],
  ['replays/:id', 'audit.no_replay'],
  ['replays/:id/rows', 'audit.no_replay'],
  ['verifications/:id', 'audit.no_verification'],
])('of an id that is none in %s: %s', (path, code) => {
  const pattern = `/api/v1/audit/${path}`;
  expect(refusalOf({ id: uuid }, undefined, pattern)).toBe('none');
  for (const id of ['ada', 'ada.lovelace', `${uuid}0`]) expect(refusalOf({ id }, undefined, pattern)).toBe(code);
});

it.each([
  ['4711', 'none'],
  ['ada', 'audit.not_logged'],
  ['1'.repeat(19), 'audit.not_logged'],
  ['-1', 'audit.not_logged'],
])('of the position %s: %s', (position, code) => expect(refusalOf({ position })).toBe(code));

it.each([
  [encodeCursor(['order-1']), 'none'],
  [encodeCursor(['odd-\ufffd']), 'none'],
  [41, 'none'],
  ['ada@example.org', 'request.invalid_cursor'],
  ['order-1', 'request.invalid_cursor'],
  [encodeCursor(['a', 'b']), 'request.invalid_cursor'],
])('of the cursor %s: %s', (cursor, code) => expect(refusalOf({}, { cursor })).toBe(code));

it('of a view', () => {
  const ofBody = (view: string) => () =>
    refuseUnknownNames(names, { params: {}, query: undefined, pattern: '/api/v1/audit/replays', body: { view } });
  expect(ofBody('orders')).not.toThrow();
  expect(ofBody('ada')).toThrow('There is no such view; there are orders, stock');
});

it.each([
  [uuid, true],
  ['(saga)', true],
  ['ada', false],
  ['(Ada Lovelace)', false],
  ['ada@example.org', false],
  [`${uuid}(saga)`, false],
])('takes %s for an actor: %s', (actor, isOne) => expect(actorPattern.test(actor)).toBe(isOne));
