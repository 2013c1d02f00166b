import { everyAggregate } from '../../domains/contexts.js';
import { userEvents } from '../../domains/users/events.js';
import { createPersonalKeys, type PersonalKeys } from '../../infra/security/personal-keys.js';
import { sealEvent } from '../../infra/security/sealing.js';
import type { RunningProjections } from '../runner/runner.js';
import { readEvents } from '../runner/read-events.js';
import { runViews } from '../runner/testing/run-views.js';
import { asItIs, freshAs, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { customers } from './projection.js';
import { createCustomerQueries, type CustomerQueries } from './queries.js';

let readSide: ReadSide;
let queries: CustomerQueries;
let view: RunningProjections;

const userId = 'u1';
const ada = { email: 'ada@example.org', name: 'Ada', phone: null };
const total = { amount: 900, currency: 'EUR' };
let personalKeys: PersonalKeys;

const appendTo = (streamId: string, type: string, data: object) =>
  readSide.append(streamId, { type, data: { userId, ...data } });
const register = async () => {
  const type = 'UserRegistered';
  const data = { userId, ...ada, emailHash: 'h', roles: ['customer'] };
  return appendTo(`user-${userId}`, type, await sealEvent(personalKeys, { type, data }, userEvents[type]));
};

beforeAll(async () => {
  readSide = await startReadSide();
  personalKeys = createPersonalKeys({ postgres: readSide.postgres, masterKey: 'ab'.repeat(32) });
  queries = createCustomerQueries(readSide.mongo, personalKeys);
  view = runViews(readSide, [{ view: customers }], { read: readEvents(everyAggregate) });
});

afterAll(async () => {
  await view.stop();
  await readSide.stop();
});

describe('a customer', () => {
  it('is shown with recent orders, as fresh as a token asks', async () => {
    await register();
    const placed = { orderId: 'o1', lines: [], total, address: null, paymentMethod: 'pm_ok', fromCart: false };
    await appendTo('order-o1', 'OrderPlaced', placed);
    const paid = await appendTo('order-o1', 'OrderPaid', { orderId: 'o1', paymentId: 'o1', lines: [], total });
    const found = await queries.byId(userId, freshAs('order', paid));
    expect(found).toMatchObject({
      item: { id: userId, ...ada, orders: [{ id: 'o1', status: 'PAID', total }] },
      etag: `"1.1-${paid}"`,
    });
  });

  it('keeps the orders once erased, and nothing personal', async () => {
    const erased = await appendTo('user-u1', 'UserErased', {});
    const found = await queries.byId(userId, freshAs('user', erased));
    expect(found?.item).toMatchObject({ id: userId, email: null, name: null, phone: null, orders: [{ id: 'o1' }] });
  });

  it('is not known where there is none', async () => expect(await queries.byId('nobody', asItIs)).toBeNull());
});
