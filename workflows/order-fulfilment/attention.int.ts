import { randomUUID } from 'node:crypto';
import { inventory } from '../../domains/inventory/service.js';
import { orders } from '../../domains/orders/service.js';
import { payments } from '../../domains/payments/service.js';
import { shipping } from '../../domains/shipping/service.js';
import type { Timing } from './fulfilment.js';
import { price, startSagaWorld, type SagaWorld } from './testing/saga-world.js';

let world: SagaWorld;

beforeAll(async () => {
  world = await startSagaWorld([orders, payments, inventory, shipping]);
});
afterEach(() => {
  world.sagaBus.send = world.bus.send;
});
afterAll(() => world.stop());

describe('a step that needs attention', () => {
  it('calls for it again where the retry of staff was in vain, and takes the call back once it is done', async () => {
    let isAway = true;
    onCommand('CommitReservation', (done) => (isAway ? Promise.reject(new Error('away')) : done()));
    const orderId = await begun({ attentionPauseMs: 300 });
    await world.until(orderId, 'needs_attention');
    await world.happens(orderId, 'orders', 'RequestSagaRetry');
    while ((await timesIn(orderId, 'SagaStepFailed')) < 2) await world.progressOf(orderId);
    isAway = false;
    await world.until(orderId, 'waiting_for_dispatch');
    expect(await world.typesOf(`order-${orderId}`)).toEqual([
      'OrderPlaced',
      'OrderPaid',
      'SagaStepFailed',
      'SagaRetryRequested',
      'SagaStepFailed',
      'SagaRetryRequested',
    ]);
    expect((await world.eventsOf(`order-${orderId}`)).at(-1)?.metadata.actor).toBe('(saga)');
  });
});

describe('a question', () => {
  it('that nobody answers for long shows that somebody is needed, until it is answered', async () => {
    const ask = world.bus.ask;
    let isAway = true;
    world.sagaBus.ask = (context, question, data) =>
      question === 'shipmentOf' && isAway ? Promise.reject(new Error('away')) : ask(context, question, data);
    try {
      const orderId = await begun({});
      await world.until(orderId, 'needs_attention');
      isAway = false;
      await world.until(orderId, 'waiting_for_dispatch');
      expect(await world.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced', 'OrderPaid']);
    } finally {
      world.sagaBus.ask = ask;
    }
  });
});

describe('an order that was paid unheard', () => {
  it('is given up before anything of it is undone, so that it cannot be sent meanwhile', async () => {
    onCommand('MarkOrderPaid', async (done) => {
      await done();
      throw new Error('The connection broke');
    });
    const orderId = await begun({ attentionMs: 300 });
    await world.until(orderId, 'cancelled');
    expect(await world.typesOf(`order-${orderId}`)).toEqual([
      'OrderPlaced',
      'OrderPaid',
      'SagaStepFailed',
      'SagaAbortRequested',
      'OrderCancelled',
    ]);
    const [, , , aborted] = await world.eventsOf(`order-${orderId}`);
    const refund = (await world.eventsOf(`payment-${orderId}`)).find(({ type }) => type === 'RefundRequested');
    expect(aborted?.position.commit).toBeLessThan(refund?.position.commit ?? 0n);
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: price.amount, refunded: price.amount });
  });
});

describe('a skip', () => {
  it('is carried out also where its news never came', async () => {
    onCommand('RecordAuthorisation', async (done, orderId) => {
      await world.send('orders', 'RequestSagaSkip', { orderId });
      return done();
    });
    const orderId = await begun();
    await world.until(orderId, 'rejected');
    expect((await world.eventsOf(`order-${orderId}`)).at(-1)?.data['reason']).toBe('saga_skipped');
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: 0, voided: price.amount });
  });
});

describe('a refund of staff that nobody carries out', () => {
  it('gets its outcome from the cancel that it stands in the way of', async () => {
    const orderId = await begun();
    await world.until(orderId, 'waiting_for_dispatch');
    const amount = { ...price, amount: 100 };
    await world.send('payments', 'RequestRefund', { orderId, refundId: randomUUID(), amount, reason: 'late' });
    await world.happens(orderId, 'orders', 'RequestCancellation', { reason: null });
    await world.until(orderId, 'cancelled');
    expect((await world.typesOf(`payment-${orderId}`)).slice(4)).toEqual([
      'RefundRequested',
      'PaymentRefunded',
      'RefundRequested',
      'PaymentRefunded',
    ]);
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: price.amount, refunded: price.amount });
  });
});

/** Puts something in the place of every command of a type that the saga sends. */
const onCommand = (type: string, instead: (done: () => Promise<never>, orderId: string) => Promise<never>) => {
  world.sagaBus.send = (context, command) => {
    const done = () => world.bus.send(context, command) as Promise<never>;
    return command.type === type ? instead(done, (command.data as { orderId: string }).orderId) : done();
  };
};

const begun = async (timing: Partial<Timing> = {}): Promise<string> => {
  const placed = await world.placed('pm_ok', await world.stocked(1));
  await world.started(placed, timing);
  return String(placed.data['orderId']);
};

const timesIn = async (orderId: string, type: string) =>
  (await world.typesOf(`order-${orderId}`)).filter((each) => each === type).length;
