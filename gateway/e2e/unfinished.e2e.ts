import { v4 as randomId } from 'uuid';
import type { Postgres } from '../../infra/postgres/postgres.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { checkOut } from '../carts/checkout.js';
import { erasePerson } from '../users/erasing.js';
import { registerUser } from '../users/registration.js';
import { eventually } from './testing/eventually.js';
import type { MortalProcess } from './testing/mortal-process.js';
import { address } from './testing/shop.js';
import { newCommand, startWriteSide, type WriteSide } from './testing/write-side.js';

/** Every work that goes over several streams, cut off after each of its appends: another process ends or undoes it. */
let writeSide: WriteSide;
let postgres: Postgres;
let well: MortalProcess;

beforeAll(async () => {
  writeSide = await startWriteSide();
  ({ postgres, well } = writeSide);
});
afterAll(() => writeSide.stop());

const personOf = (userId: string, emailHash: string) =>
  ({ userId, email: `${emailHash}@example.org`, emailHash, name: 'Ada', phone: null, roles: ['customer'] }) as const;

const register = (one: MortalProcess, userId: string, emailHash: string) =>
  registerUser(
    { ...one, graceSeconds: 0 },
    { user: personOf(userId, emailHash), password: 'correct horse', message: newCommand },
  );

const erase = (one: MortalProcess, userId: string) => {
  const commandId = randomId();
  return erasePerson(one, {
    userId,
    message: (type, data) => ({ ...newCommand(type, data), commandId }),
    refuseWithOpenOrders: () => Promise.resolve(),
  });
};

const ask = (bus: ServiceBus, context: string, question: string, data: object) => bus.ask(context, question, data);
const isActive = (userId: string) => ask(well.bus, 'users', 'isActive', { userId });
const holderOf = async (emailHash: string) =>
  (await ask(well.bus, 'users', 'claimOn', { emailHash })) as { owner?: string; userId?: string } | null;

/** Runs `work` in a process that dies after so many appends; gives it, and what came of the work once it was woken. */
const cutOff = async (mostAppends: number, work: (one: MortalProcess) => Promise<unknown>) => {
  const one = writeSide.start({ mostAppends });
  const outcome = work(one).catch((error: unknown) => error);
  await one.died;
  return { one, outcome };
};

/** Waits for what comes about once another process runs the policies: not before, since it leaves nobody any time. */
const swept = async (...sights: readonly (() => Promise<boolean>)[]) => {
  const sweeper = writeSide.start({ sweeps: true });
  for (const sight of sights) await eventually(sight);
  await sweeper.dispose();
};
const isFree = (emailHash: string) => async () => (await holderOf(emailHash)) === null;
const signsInWith = (userId: string, emailHash: string | null) => async () =>
  (await well.credentials.emailHashOf(userId)) === emailHash;

describe('a registration that is cut off', () => {
  it.each([0, 1])('after %i appends leaves the address free, and whoever wakes late is refused', async (appends) => {
    const [userId, emailHash] = [randomId(), randomId()];
    const { one, outcome } = await cutOff(appends, (each) => register(each, userId, emailHash));
    await swept(isFree(emailHash));
    const other = randomId();
    await register(well, other, emailHash);
    one.wake();
    expect(await outcome).toBeInstanceOf(Error);
    expect([await isActive(userId), await isActive(other)]).toEqual([false, true]);
    await one.dispose();
  });
});

describe('credentials of somebody who never came to be', () => {
  const keep = async (userId: string, hoursAgo: number) => {
    await well.credentials.keep({ userId, emailHash: randomId(), password: 'correct horse' });
    await postgres.query(
      `update credentials set unconfirmed_since = now() - $2 * interval '1 hour' where user_id = $1`,
      [userId, hoursAgo],
    );
  };

  it('are dropped after an hour, once somebody registers; what is younger may yet be used', async () => {
    const [orphan, young, erased, late] = [randomId(), randomId(), randomId(), randomId()];
    await Promise.all([register(well, erased, randomId()), register(well, late, randomId())]);
    await erase(well, erased);
    await Promise.all([keep(orphan, 2), keep(young, 0), keep(erased, 2), keep(late, 2)]);
    await register(well, randomId(), randomId());
    await swept(signsInWith(orphan, null), signsInWith(erased, null));
    const kept = await Promise.all([young, late].map(well.credentials.emailHashOf));
    expect(kept.filter((emailHash) => emailHash !== null)).toHaveLength(2);
  });
});

describe('a change of address that is cut off', () => {
  it.each([0, 1, 2])('after %i appends leaves one address, the one that counts', async (appends) => {
    const [userId, before, after] = [randomId(), randomId(), randomId()];
    await register(well, userId, before);
    const change = { userId, email: `${after}@example.org`, emailHash: after, name: null, phone: null };
    const { one } = await cutOff(appends, (each) => each.bus.send('users', newCommand('ChangeProfile', change)));
    const [kept, freed] = appends === 2 ? [after, before] : [before, after];
    await swept(isFree(freed), signsInWith(userId, kept));
    expect(await holderOf(kept)).not.toBeNull();
    expect(await ask(well.bus, 'users', 'profileOf', { userId })).toMatchObject({ emailHash: kept });
    await one.dispose();
  });
});

const product = async () => {
  const productId = randomId();
  const data = { productId, sku: randomId(), name: 'Mug', description: '', categories: [] };
  await well.bus.send('catalog', newCommand('AddProduct', { ...data, price: { amount: 950, currency: 'EUR' } }));
  return productId;
};

describe('a checkout that is cut off', () => {
  const cutOffAfter = async (appends: number) => {
    const [userId, orderId, productId] = [randomId(), randomId(), await product()];
    await register(well, userId, randomId());
    await well.bus.send('carts', newCommand('SetCartItem', { userId, productId, quantity: 2 }));
    const request = { userId, orderId, paymentMethod: 'pm_ok', shippingAddress: address };
    const { one } = await cutOff(appends, ({ bus }) => checkOut(bus, request, newCommand));
    return {
      one,
      productId,
      cart: () => ask(well.bus, 'carts', 'cartOf', { userId }),
      order: () => ask(well.bus, 'orders', 'orderOf', { orderId }),
    };
  };

  it('before the cart took note of it has changed nothing', async () => {
    const { one, productId, cart, order } = await cutOffAfter(0);
    expect(await cart()).toMatchObject({ items: [{ productId, quantity: 2 }] });
    expect(await order()).toBeNull();
    await one.dispose();
  });

  it('before the order was placed becomes an order, once', async () => {
    const { one, cart, order } = await cutOffAfter(1);
    await swept(async () => (await order()) !== null);
    expect(await cart()).toMatchObject({ items: [] });
    one.wake();
    expect(await order()).toMatchObject({ status: 'PENDING' });
    await one.dispose();
  });
});

describe('an erasure that is cut off', () => {
  it('before it was requested has changed nothing', async () => {
    const [userId, emailHash] = [randomId(), randomId()];
    await register(well, userId, emailHash);
    const { one } = await cutOff(0, (each) => erase(each, userId));
    expect([await isActive(userId), await signsInWith(userId, emailHash)()]).toEqual([true, true]);
    await one.dispose();
  });

  it('after it was requested is withdrawn, and whoever wakes late is refused', async () => {
    const [userId, emailHash] = [randomId(), randomId()];
    await register(well, userId, emailHash);
    const { one, outcome } = await cutOff(1, (each) => erase(each, userId));
    expect(await isActive(userId)).toBe(false);
    await swept(async () => (await isActive(userId)) === true);
    one.wake();
    expect(await outcome).toMatchObject({ code: 'user.erasure_withdrawn' });
    expect([await isActive(userId), await signsInWith(userId, emailHash)()]).toEqual([true, true]);
    await erase(well, userId);
    expect(await signsInWith(userId, null)()).toBe(true);
    await one.dispose();
  });

  it.each([2, 3])('after %i appends is completed', async (appends) => {
    const [userId, emailHash] = [randomId(), randomId()];
    await register(well, userId, emailHash);
    const dying = writeSide.start({ mostAppends: appends });
    // With three appends nothing is left to append: it dies before the key is destroyed.
    let dieErasing: () => void = () => undefined;
    const erasing = new Promise<void>((resolve) => (dieErasing = resolve));
    const notErasing = { erase: () => new Promise<never>(() => dieErasing()) };
    void erase({ ...dying, erasure: notErasing }, userId);
    await (appends === 3 ? erasing : dying.died);
    await swept(isFree(emailHash), signsInWith(userId, null));
    const { rows } = await postgres.query('select wrapped from personal_keys where subject = $1', [userId]);
    expect(rows).toEqual([{ wrapped: null }]);
    await dying.dispose();
  });
});
