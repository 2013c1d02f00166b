import { everyAggregate } from '../../domains/contexts.js';
import { userEvents } from '../../domains/users/events.js';
import { createPersonalKeys, type ErasablePersonalKeys } from '../../infra/security/personal-keys.js';
import { sealEvent } from '../../infra/security/sealing.js';
import type { RunningProjections } from '../runner/runner.js';
import { readEvents } from '../runner/read-events.js';
import { runViews } from '../runner/testing/run-views.js';
import { asItIs, freshAs, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { accounts } from './projection.js';
import { createAccountQueries, type AccountQueries } from './queries.js';
import { accountsTable } from './table.js';

let readSide: ReadSide;
let queries: AccountQueries;
let view: RunningProjections;

let personalKeys: ErasablePersonalKeys;

const register = async (userId: string) => {
  const data = { userId, email: `${userId}@example.com`, emailHash: null, name: userId, phone: null, roles: [] };
  const type = 'UserRegistered';
  const sealed = await sealEvent(personalKeys, { type, data }, userEvents[type]);
  return readSide.append(`user-${userId}`, { type, data: sealed });
};
const then = (type: string, data: Readonly<{ userId: string; roles?: readonly string[] }>) =>
  readSide.append(`user-${data.userId}`, { type, data });
const ids = ({ items }: { items: readonly { id: string }[] }) => items.map(({ id }) => id);

beforeAll(async () => {
  readSide = await startReadSide();
  const { postgres } = readSide;
  personalKeys = createPersonalKeys({ postgres, masterKey: 'ab'.repeat(32) });
  queries = createAccountQueries(postgres, personalKeys);
  view = runViews(readSide, [{ view: accounts, table: accountsTable }], { read: readEvents(everyAggregate) });
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

  it('are readable nowhere but in answers, and as long as the key of the person is there', async () => {
    await queries.byId('bea', freshAs('user', await register('bea')));
    const { rows } = await readSide.postgres.query('select data::text from view_accounts_v1_1');
    expect(JSON.stringify(rows)).toContain('bea');
    expect(JSON.stringify(rows)).not.toContain('@example.com');
    await personalKeys.erase('bea');
    expect((await queries.byId('bea', asItIs))?.item).toMatchObject({ id: 'bea', email: null, name: null });
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
    expect(ids(last)).toEqual(['bea', 'ada']);
    expect(last.nextCursor).toBeNull();
  });

  it('are those of people who were not erased', async () => {
    const erased = await then('UserErased', { userId: 'e' });
    expect(await queries.byId('e', freshAs('user', erased))).toBeNull();
    expect(ids(await queries.list({ limit: 9 }, asItIs))).toEqual(['f', 'd', 'c', 'b', 'bea', 'ada']);
  });

  it('refuse a cursor that is not theirs', () =>
    expect(queries.list({ limit: 1, cursor: 'x' }, asItIs)).rejects.toMatchObject({ code: 'request.invalid_cursor' }));
});
