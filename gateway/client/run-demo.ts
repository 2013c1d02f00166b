import Table from 'cli-table3';
import type { ApiClient, NewOrder } from './api-client.js';
import { createApiClient } from './api-client.js';
import { cases, declinedForGood, isSold, type Act, type Case } from './demo-cases.js';
import type { OrderView } from './api-client.js';
import { findPlatform } from './surroundings.js';

type Outcome = Readonly<{
  name: string;
  orderId: string;
  expected: string;
  found: string;
  total: number;
  captured: number;
  refunded: number;
  saga: string;
}>;
type Sum = Readonly<{ name: string; expected: number; found: number }>;

/**
 * Places one order for each way that an order can end, waits for the ends, and compares stock and money with them.
 *
 * @returns whether every order ended as it should and every sum balances.
 */
export const runDemo = async ({ url, json = false }: Readonly<{ url?: string; json?: boolean }>): Promise<boolean> => {
  const { gatewayUrl, temporalUiUrl, admin } = findPlatform(url);
  const say = json ? () => undefined : (line: string) => void process.stderr.write(`${line}\n`);
  const run = Date.now().toString(36);

  say(`Signing in at ${gatewayUrl}`);
  const staff = await createApiClient(gatewayUrl).signIn(admin);
  const customer = await registerCustomer(gatewayUrl, run);
  say('Adding two products: 20 mugs, and a lamp that is out of stock');
  const mug = await staff.addProduct({ sku: `mug-${run}`, name: 'Mug', price: { amount: 950, currency: 'EUR' } });
  const lamp = await staff.addProduct({ sku: `lamp-${run}`, name: 'Lamp', price: { amount: 4_900, currency: 'EUR' } });
  await staff.receiveStock(mug.id, mugsReceived);

  say(`Placing ${cases.length} orders`);
  const placed = await Promise.all(
    cases.map(async (of) => ({ of, ...(await customer.placeOrder(orderFor(of, { mug: mug.id, lamp: lamp.id }))) })),
  );
  let ended = 0;
  const outcomes = await Promise.all(
    placed.map(async ({ of, id }) => {
      const outcome = await outcomeOf({ customer, staff }, of, id, temporalUiUrl);
      ended += 1;
      say(`  ${ended} of ${placed.length} have ended: ${of.name} → ${outcome.found}`);
      return outcome;
    }),
  );
  const sums = await sumsOf(staff, outcomes, { mug: mug.id, lamp: lamp.id });
  process.stdout.write(json ? `${JSON.stringify({ outcomes, sums }, null, 2)}\n` : tables(outcomes, sums));
  return (
    outcomes.every(({ expected, found }) => expected === found) &&
    sums.every(({ expected, found }) => expected === found)
  );
};

const mugsReceived = 20;
const longestWaitMs = 120_000;

const registerCustomer = async (gatewayUrl: string, run: string): Promise<ApiClient> => {
  const who = { email: `demo-${run}@example.org`, password: `demo password ${run}` };
  const stranger = createApiClient(gatewayUrl);
  await stranger.register({ ...who, name: 'Demo Customer' });
  return stranger.signIn(who);
};

const orderFor = ({ items, paymentMethod }: Case, ids: Readonly<Record<'mug' | 'lamp', string>>): NewOrder => ({
  items: items.map(({ product, quantity }) => ({ productId: ids[product], quantity })),
  paymentMethod,
  shippingAddress: {
    name: 'Demo Customer',
    street: '1 Mill Lane',
    city: 'London',
    postalCode: 'N1 1AA',
    country: 'GB',
  },
});

type People = Readonly<{ customer: ApiClient; staff: ApiClient }>;

const outcomeOf = async (people: People, of: Case, orderId: string, temporalUiUrl: string): Promise<Outcome> => {
  const { customer } = people;
  const order = await endOf(people, of, orderId);
  const payment = of.reachesPayment ? await customer.payment(orderId) : null;
  const found = shownStatus(order);
  return {
    name: of.name,
    orderId,
    expected: isDeclinedForGood(of, found) ? found : of.ends,
    found,
    total: order.total.amount,
    captured: payment?.captured.amount ?? 0,
    refunded: payment?.refunded.amount ?? 0,
    saga: `${temporalUiUrl}/namespaces/default/workflows/order-${orderId}`,
  };
};

/** Does with an order what its case says, and gives it as it is after that, or after two minutes. */
const endOf = async (people: People, of: Case, orderId: string): Promise<OrderView> => {
  const whenIn = (status: string) =>
    settled(
      () => people.customer.order(orderId),
      (order) => shownStatus(order) === status || hasEnded(order),
    );
  for (const act of of.acts ?? []) {
    if (shownStatus(await whenIn(act.at)) !== act.at) break;
    await perform(people, act, orderId);
  }
  return whenIn(of.ends);
};

const perform = ({ customer, staff }: People, { do: what }: Act, orderId: string): Promise<void> => {
  switch (what) {
    case 'offer another method':
      return customer.offerPaymentMethod(orderId, 'pm_ok');
    case 'cancel':
      return customer.cancelOrder(orderId);
    case 'ship':
      return staff.changeStatus(orderId, 'SHIPPED');
    case 'deliver':
      return staff.changeStatus(orderId, 'DELIVERED');
    case 'return':
      return customer.returnOrder(orderId, 'it was only a demonstration');
  }
};

const shownStatus = ({ status, statusReason }: Pick<OrderView, 'status' | 'statusReason'>) =>
  statusReason === null ? status : `${status} ${statusReason}`;

const hasEnded = ({ status }: OrderView) => ['REJECTED', 'CANCELLED', 'RETURNED'].includes(status);

const isDeclinedForGood = ({ acts = [] }: Case, found: string) =>
  found === declinedForGood && acts.some(({ at }) => at === 'PENDING payment_declined');

/** Looks again until what it finds has settled, or two minutes have gone; gives what it found last. */
const settled = async <Found>(look: () => Promise<Found>, hasSettled: (found: Found) => boolean): Promise<Found> => {
  const deadline = Date.now() + longestWaitMs;
  for (;;) {
    const found = await look();
    if (hasSettled(found) || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
};

const sumsOf = async (
  staff: ApiClient,
  outcomes: readonly Outcome[],
  ids: Readonly<Record<'mug' | 'lamp', string>>,
): Promise<readonly Sum[]> => {
  const kept = outcomes.filter(({ found }) => isSold(found));
  const sold = cases
    .filter((_, index) => isSold(outcomes[index]?.expected ?? ''))
    .flatMap(({ items }) => items)
    .reduce((sum, { quantity }) => sum + quantity, 0);
  const [mugs, lamps] = await Promise.all([settledStock(staff, ids.mug, mugsReceived - sold), staff.stock(ids.lamp)]);
  return [
    { name: 'mugs on hand = received − sold', expected: mugsReceived - sold, found: mugs.onHand },
    { name: 'mugs still reserved', expected: 0, found: mugs.reserved },
    { name: 'lamps on hand', expected: 0, found: lamps.onHand },
    {
      name: 'money kept = totals of kept orders',
      expected: kept.reduce((sum, { total }) => sum + total, 0),
      found: outcomes.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0),
    },
  ];
};

/** Stock is committed only after the order is paid. */
const settledStock = (staff: ApiClient, productId: string, wanted: number) =>
  settled(
    () => staff.stock(productId),
    ({ onHand, reserved }) => onHand === wanted && reserved === 0,
  );

const tables = (outcomes: readonly Outcome[], sums: readonly Sum[]): string => {
  const orders = new Table({
    head: ['order', 'ended', 'as it should', 'total', 'captured', 'saga'],
    style: { head: [], border: [] },
  });
  for (const { name, found, expected, total, captured, saga } of outcomes)
    orders.push([name, found, found === expected ? 'yes' : `no: ${expected}`, cents(total), cents(captured), saga]);
  const balance = new Table({ head: ['sum', 'expected', 'found'], style: { head: [], border: [] } });
  for (const { name, expected, found } of sums) balance.push([name, expected, found]);
  return `${orders.toString()}\n${balance.toString()}\n`;
};

const cents = (amount: number) => (amount / 100).toFixed(2);
