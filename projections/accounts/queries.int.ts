import { everyAggregate } from '../../domains/contexts.js';
import type { RunningProjections } from '../runner/runner.js';
import { asContextsRead, runViews } from '../runner/testing/run-views.js';
import { asItIs, freshAs, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { accounts } from './projection.js';
import { createAccountQueries, type AccountQueries } from './queries.js';
import { accountsTable } from './table.js';

let readSide: ReadSide;
let queries: AccountQueries;
let view: RunningProjections;

const register = (userId: string) => {
  const data = { userId, email: `${userId}@example.com`, emailHash: null, name: userId, phone: null, roles: [] };
  return readSide.append(`user-${userId}`, { type: 'UserRegistered', data });
};
const then = (type: string, data: Readonly<{ userId: string; roles?: readonly string[] }>) =>
  readSide.append(`user-${data.userId}`, { type, data });
const ids = ({ items }: { items: readonly { id: string }[] }) => items.map(({ id }) => id);

beforeAll(async () => {
  readSide = await startReadSide();
  queries = createAccountQueries(readSide.postgres);
  view = runViews(readSide, [{ view: accounts, table: accountsTable }], { read: asContextsRead(everyAggregate) });
});

afterAll(async () => {
  await view.stop();
  await readSide.stop();
});

describe('the accounts', () => {
  it('are as fresh as a token asks, each with the tag of its state', async () => {
    const first = await queries.byId('ada', freshAs('user', await register('ada')));
    expect(first?.item).toMatchObject({ id: 'ada', email: 'ada@example.com', name: 'ada', phone: null, roles: [] });
    const changed = await then('UserRolesChanged', { userId: 'ada', roles: ['staff'] });
    const second = await queries.byId('ada', freshAs('user', changed));
    expect(second?.item.roles).toEqual(['staff']);
    expect(second?.etag).not.toBe(first?.etag);
  });

  it('know nothing of others', async () => expect(await queries.byId('nobody', asItIs)).toBeNull());

  it('are listed newest first, and no page shifts when somebody registers', async () => {
    for (const userId of ['b', 'c', 'd']) await register(userId);
    const first = await queries.list({ limit: 2 }, freshAs('user', await register('e')));
    expect(ids(first)).toEqual(['e', 'd']);
    const position = await register('f');
    const cursor = first.nextCursor ?? undefined;
    const second = await queries.list({ limit: 2, cursor }, freshAs('user', position));
    expect(ids(second)).toEqual(['c', 'b']);
    const last = await queries.list({ limit: 2, cursor: second.nextCursor ?? undefined }, asItIs);
    expect(last).toMatchObject({ items: [{ id: 'ada' }], nextCursor: null });
  });

  it('are those of people who were not erased', async () => {
    const erased = await then('UserErased', { userId: 'e' });
    expect(await queries.byId('e', freshAs('user', erased))).toBeNull();
    expect(ids(await queries.list({ limit: 9 }, asItIs))).toEqual(['f', 'd', 'c', 'b', 'ada']);
  });

  it('refuse a cursor that is not theirs', () =>
    expect(queries.list({ limit: 1, cursor: 'x' }, asItIs)).rejects.toMatchObject({ code: 'request.invalid_cursor' }));
});
