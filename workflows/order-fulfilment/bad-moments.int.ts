import { randomUUID } from 'node:crypto';
import { inventory } from '../../domains/inventory/service.js';
import { orders } from '../../domains/orders/service.js';
import { payments } from '../../domains/payments/service.js';
import { shipping } from '../../domains/shipping/service.js';
import { searchAttributes } from '../../infra/temporal/search-attributes.js';
import { newsSignal, workflowIdOf } from './fulfilment.js';
import { newFault, openFailures, type Ordered, type Path } from './testing/failures.js';
import { price, startSagaWorld, type SagaWorld } from './testing/saga-world.js';

let world: SagaWorld;
let failures: ReturnType<typeof openFailures>;

beforeAll(async () => {
  world = await startSagaWorld([orders, payments, inventory, shipping]);
  failures = openFailures(world);
});
afterAll(() => world.stop());

const nothing = newFault('nothing', 'refused', 0);

/** An order of which something happens in the place of a call. */
const overtaken = (
  path: Path,
  call: string,
  instead: (order: Pick<Ordered, 'orderId' | 'tell'>, done: () => Promise<unknown>) => Promise<unknown>,
) =>
  failures.order({ path, fault: nothing }, (order) => {
    failures.faults.next(order.orderId, call, (done) => instead(order, done));
  });

const broken = () => Promise.reject(new Error('The connection broke'));

/** As a worker does that was paused, and has not heard of anything since. */
const captureLate = async (orderId: string) => {
  await world.send('payments', 'RequestCapture', { orderId });
  const reference = (await world.ledgerOf(orderId)).charges[0]?.reference ?? '';
  const reply = await world.provider.capture({ key: `order-${orderId}/capture/1`, reference, amount: total });
  await world.send('payments', 'RecordCapture', { orderId, reference: 'reference' in reply ? reply.reference : '' });
};

/** Every order here is one of two pieces. */
const total = { ...price, amount: 2 * price.amount };

it('a capture that is begun after its undo is refunded', async () => {
  const fault = newFault('payments RequestCapture', 'unanswered before', Infinity);
  const { orderId, done } = await failures.order({ path: 'delivered', fault }, ({ orderId: id, tell }) => {
    failures.faults.next(id, 'payments RequestCapture', () =>
      tell('orders', 'RequestCancellation', { reason: null }).then(broken),
    );
    failures.faults.next(id, 'payments standingOf', async (ask) => {
      const before = await ask();
      await captureLate(id);
      return before;
    });
  });
  expect(await done).toEqual([]);
  expect(await world.ledgerOf(orderId)).toMatchObject({ captured: total.amount, refunded: total.amount });
});

it('a cancel refunds also what staff asked to refund at the same time, where the provider refuses theirs', async () => {
  const refundId = randomUUID();
  const { orderId, done } = await overtaken('cancelled', 'payments RequestRefund', async ({ orderId: id }, request) => {
    await world.send('payments', 'RequestRefund', { orderId: id, refundId, amount: price, reason: 'kind' });
    const answer = await request();
    await world.send('payments', 'RecordRefundRefusal', { orderId: id, refundId, code: 'refused' });
    return answer;
  });
  expect(await done).toEqual([]);
  expect(await world.ledgerOf(orderId)).toMatchObject({ refunded: total.amount });
});

it('a skip that is heard of once its step is done changes nothing', async () => {
  const { orderId, done } = await overtaken('delivered', 'orders MarkOrderPaid', async ({ orderId: id }, mark) => {
    await world.send('orders', 'RequestSagaSkip', { orderId: id });
    const answer = await mark();
    const handle = world.temporal.client.workflow.getHandle(workflowIdOf(id));
    await handle.signal(newsSignal, { id: randomUUID(), type: 'SagaSkipRequested' });
    return answer;
  });
  expect(await done).toEqual([]);
  expect((await world.typesOf(`order-${orderId}`)).at(-1)).toBe('OrderDelivered');
});

it.each<[Path, string, string]>([
  ['out of stock', 'orders RejectOrder', 'OrderRejected'],
  ['cancelled', 'orders CancelOrder', 'OrderCancelled'],
  ['delivered', 'orders MarkOrderDelivered', 'OrderDelivered'],
])('news that come while an order that is %s ends do not change how', async (path, call, last) => {
  const { orderId, done } = await overtaken(path, call, async ({ orderId: id }, end) => {
    const answer = await end();
    const handle = world.temporal.client.workflow.getHandle(workflowIdOf(id));
    await handle.signal(newsSignal, { id: randomUUID(), type: 'PaymentMethodOffered' });
    return answer;
  });
  expect(await done).toEqual([]);
  expect((await world.typesOf(`order-${orderId}`)).at(-1)).toBe(last);
});

it('an order is found by what its saga needs, and no longer once it has that', async () => {
  const fault = newFault('provider capture', 'unanswered before', Infinity);
  let found: unknown;
  const { orderId, done } = await failures.order({ path: 'delivered', fault }, ({ orderId: id }) => {
    failures.faults.next(id, 'orders RecordStepFailure', async (note) => {
      failures.faults.next(id, 'provider capture', async (capture) => {
        found = await attributesOf(id);
        return capture();
      });
      return note();
    });
  });
  expect(await done).toEqual([]);
  expect(found).toEqual(['needs_attention', 'capture']);
  expect(await attributesOf(orderId)).toEqual(['fulfilled', 'done']);
});

const attributesOf = async (orderId: string) => {
  const handle = world.temporal.client.workflow.getHandle(workflowIdOf(orderId));
  const { typedSearchAttributes: attributes } = await handle.describe();
  return [attributes.get(searchAttributes.sagaStatus), attributes.get(searchAttributes.sagaStep)];
};
