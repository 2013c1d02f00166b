import { expectProblem } from '../http/testing/client.js';
import { startShop, type Shop } from '../http/testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const staff = 'sam:staff';
const total = { amount: 900, currency: 'EUR' };

/** An order whose payment was captured. */
const paid = async () => {
  const { customer, orderId } = await shop.newOrder();
  const send = (type: string, data: object = {}) => shop.bus.send('payments', shop.message(type, { orderId, ...data }));
  await send('RequestAuthorisation', { userId: customer.id, attempt: 1, amount: total, method: 'pm_ok' });
  await send('RecordAuthorisation', { attempt: 1, reference: 'a1' });
  await send('RequestCapture');
  await send('RecordCapture', { reference: 'c1' });
  return orderId;
};
const refund = (orderId: string, body: object, { as = staff, key }: { as?: string; key?: string } = {}) =>
  shop.call('POST', `/payments/${orderId}/refunds`, {
    ...{ as, body },
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });
const eur = (amount: number) => ({ amount, currency: 'EUR' });

describe('a refund', () => {
  it('of a part is requested once under one key', async () => {
    const orderId = await paid();
    const body = { amount: eur(100), reason: 'a scratch' };
    const answer = await refund(orderId, body, { key: 'k' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('x-consistency-token')).toMatch(/^\d+\.payment$/);
    expect((await refund(orderId, body, { key: 'k' })).status).toBe(202);
    expect((await shop.typesOf(`payment-${orderId}`)).slice(4)).toEqual(['RefundRequested']);
    expect(await shop.latestOf(`payment-${orderId}`)).toMatchObject({ orderId, ...body });
  });

  it('without an amount is of all that is left', async () => {
    const orderId = await paid();
    await refund(orderId, { amount: eur(100), reason: 'a scratch' });
    expect((await refund(orderId, { reason: 'lost' })).status).toBe(202);
    expect(await shop.latestOf(`payment-${orderId}`)).toMatchObject({ amount: eur(total.amount - 100) });
  });

  it('is refused beyond what was captured, and in another currency', async () => {
    const orderId = await paid();
    const tooMuch = { amount: eur(total.amount + 1), reason: 'lost' };
    expectProblem(await refund(orderId, tooMuch), 409, 'payment.refund_too_large');
    const inDollars = { amount: { amount: 1, currency: 'USD' }, reason: 'lost' };
    expectProblem(await refund(orderId, inDollars), 422, 'money.currency_mismatch');
    expect(await shop.typesOf(`payment-${orderId}`)).not.toContain('RefundRequested');
  });

  it('is refused where nobody has paid', async () => {
    const { orderId } = await shop.newOrder();
    expectProblem(await refund(orderId, { reason: 'lost' }), 404, 'payment.not_found');
  });

  it.each([
    ['nothing', {}, '/reason'],
    ['an amount of nothing', { amount: eur(0), reason: 'lost' }, '/amount/amount'],
    ['an amount without a currency', { amount: { amount: 1 }, reason: 'lost' }, '/amount/currency'],
  ])('is not asked for with %s', async (_what, body, pointer) => {
    const answer = await refund('o1', body);
    expectProblem(answer, 400, 'request.invalid');
    expect(answer.body['errors']).toMatchObject([{ pointer }]);
  });

  it('is asked for by staff only', async () =>
    expectProblem(await refund('o1', { reason: 'lost' }, { as: 'ada:customer' }), 403, 'auth.forbidden'));
});
