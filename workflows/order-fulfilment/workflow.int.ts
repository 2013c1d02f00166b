import { inventory } from '../../domains/inventory/service.js';
import { orders } from '../../domains/orders/service.js';
import { payments } from '../../domains/payments/service.js';
import { shipping } from '../../domains/shipping/service.js';
import { price, startSagaWorld, type SagaWorld } from './testing/saga-world.js';
import type { Timing } from './fulfilment.js';

let world: SagaWorld;
let provider: SagaWorld['provider'];

beforeAll(async () => {
  world = await startSagaWorld([orders, payments, inventory, shipping]);
  provider = { ...world.provider };
});
afterEach(() => Object.assign(world.provider, provider));
afterAll(() => world.stop());

describe('an order that can be fulfilled', () => {
  it('is paid, its stock committed and its shipment created', async () => {
    const product = await world.stocked(5);
    const { orderId } = await begun('pm_ok', product);
    const progress = await world.until(orderId, 'waiting_for_dispatch');
    expect(progress.history.map(({ step }) => step)).toEqual([
      `reserve ${product}`,
      'authorise',
      'capture',
      'mark paid',
      `commit ${product}`,
      'create shipment',
    ]);
    expect(progress.pendingCompensations).toEqual(['cancel shipment', 'refund', 'void', `release ${product}`]);
    expect(await world.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced', 'OrderPaid']);
    expect(await world.typesOf(`stock-${product}`)).toEqual(['StockReceived', 'StockReserved', 'ReservationCommitted']);
    expect(await world.typesOf(`payment-${orderId}`)).toEqual(paid);
    expect(await world.typesOf(`shipment-${orderId}`)).toEqual(['ShipmentCreated']);
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: price.amount, refunded: 0, voided: 0 });
  });

  it('follows its shipment until it has arrived', async () => {
    const { orderId, saga } = await dispatched();
    expect(await world.until(orderId, 'waiting_for_delivery')).toMatchObject({ pendingCompensations: [] });
    await world.happens(orderId, 'shipping', 'RecordDelivery');
    expect(await saga.outcome()).toEqual({ outcome: 'fulfilled' });
    expect(await world.typesOf(`order-${orderId}`)).toEqual([
      'OrderPlaced',
      'OrderPaid',
      'OrderShipped',
      'OrderDelivered',
    ]);
  });

  it('leaves its correlation, its cause and its trace in every event of the saga', async () => {
    const product = await world.stocked(5);
    const { placed, orderId } = await begun('pm_ok', product);
    await world.until(orderId, 'waiting_for_dispatch');
    const events = [
      ...(await world.eventsOf(`stock-${product}`)).slice(1),
      ...(await world.eventsOf(`payment-${orderId}`)),
      ...(await world.eventsOf(`shipment-${orderId}`)),
      ...(await world.eventsOf(`order-${orderId}`)).slice(1),
    ];
    const { $correlationId, traceparent } = placed.metadata;
    const facts = { $correlationId, traceparent, $causationId: placed.id, actor: '(saga)' };
    for (const { metadata } of events) expect(metadata).toMatchObject(facts);
  });

  it('reserves its lines in the order of product ids', async () => {
    const [b, a] = [await world.stocked(1, 'b'), await world.stocked(1, 'a')];
    const { orderId } = await begun('pm_ok', b, a);
    await world.until(orderId, 'waiting_for_dispatch');
    const [, reservedA] = await world.eventsOf(`stock-${a}`);
    const [, reservedB] = await world.eventsOf(`stock-${b}`);
    expect(reservedA?.position.commit).toBeLessThan(reservedB?.position.commit ?? 0n);
  });

  it.each(['pm_timeout', 'pm_flaky', 'pm_slow'])('is charged once with %s', async (method) => {
    const { orderId } = await begun(method, await world.stocked(1));
    await world.until(orderId, 'waiting_for_dispatch');
    const { charges, captured } = await world.ledgerOf(orderId);
    expect({ charges: charges.length, captured }).toEqual({ charges: 1, captured: price.amount });
  });

  it('is dated by when each step was first due, however often it was tried', async () => {
    const { orderId } = await begun('pm_flaky', await world.stocked(1));
    await world.until(orderId, 'waiting_for_dispatch');
    const [requested, authorised] = await world.eventsOf(`payment-${orderId}`);
    expect(authorised?.metadata.at).toBe(requested?.metadata.at);
  });
});

describe('an order that cannot be fulfilled', () => {
  it('is rejected when its second line is out of stock, and its first is released', async () => {
    const [first, second] = [await world.stocked(1, 'a'), await world.stocked(0, 'b')];
    const { orderId, saga } = await begun('pm_ok', first, second);
    expect(await saga.outcome()).toEqual({ outcome: 'rejected', reason: 'out_of_stock' });
    expect(await world.typesOf(`stock-${first}`)).toEqual(['StockReceived', 'StockReserved', 'ReservationReleased']);
    expect(await world.typesOf(`stock-${second}`)).toEqual(['ReservationRefused']);
    expect(await world.typesOf(`payment-${orderId}`)).toEqual([]);
    expect(await lastOf(orderId)).toEqual(['OrderRejected', 'out_of_stock']);
  });

  it.each(['pm_declined', 'pm_of_another_shop'])('is rejected with %s, without a charge', async (method) => {
    const product = await world.stocked(1);
    const { orderId, saga } = await begun(method, product);
    expect(await saga.outcome()).toEqual({ outcome: 'rejected', reason: 'payment_declined' });
    expect(await world.typesOf(`payment-${orderId}`)).toEqual(['AuthorisationRequested', 'PaymentDeclined']);
    expect(await world.typesOf(`stock-${product}`)).toEqual(released);
    expect(await world.ledgerOf(orderId)).toMatchObject({ charges: [] });
    expect(await lastOf(orderId)).toEqual(['OrderRejected', 'payment_declined']);
  });

  it('is rejected when the capture is refused, its authorisation voided and its stock released', async () => {
    const product = await world.stocked(1);
    const { orderId, saga } = await begun('pm_capture_fails', product);
    expect(await saga.outcome()).toEqual({ outcome: 'rejected', reason: 'capture_refused' });
    expect(await world.typesOf(`payment-${orderId}`)).toEqual([
      ...['AuthorisationRequested', 'PaymentAuthorised', 'CaptureRequested', 'CaptureRefused'],
      ...['VoidRequested', 'PaymentVoided'],
    ]);
    expect(await world.typesOf(`stock-${product}`)).toEqual(released);
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: 0, voided: price.amount });
    expect(await lastOf(orderId)).toEqual(['OrderRejected', 'capture_refused']);
  });

  it('is refunded when it turns out at the pivot that it is not to be paid', async () => {
    world.provider.capture = async (call) => {
      await world.send('orders', 'RejectOrder', { orderId: call.key.split('/')[0]?.slice(6), reason: 'fraud' });
      return provider.capture(call);
    };
    const { orderId, saga } = await begun('pm_ok', await world.stocked(1));
    expect(await saga.outcome()).toMatchObject({ outcome: 'rejected' });
    expect((await world.typesOf(`payment-${orderId}`)).slice(4)).toEqual(['RefundRequested', 'PaymentRefunded']);
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: price.amount, refunded: price.amount });
    expect(await lastOf(orderId)).toEqual(['OrderRejected', 'fraud']);
  });
});

describe('an order whose payment was declined', () => {
  const patient: Partial<Timing> = { paymentRetryWindowMs: 60_000 };

  it('waits for another method and is paid with it', async () => {
    const { orderId } = await begunWith(patient, 'pm_declined');
    await world.until(orderId, 'waiting_for_payment');
    await world.happens(orderId, 'orders', 'OfferPaymentMethod', { paymentMethod: 'pm_insufficient_funds' });
    await world.happens(orderId, 'orders', 'OfferPaymentMethod', { paymentMethod: 'pm_ok' });
    await world.until(orderId, 'waiting_for_dispatch');
    const { charges, captured } = await world.ledgerOf(orderId);
    expect({ charges: charges.length, captured }).toEqual({ charges: 1, captured: price.amount });
    const attempts = (await world.eventsOf(`payment-${orderId}`)).filter(
      ({ type }) => type === 'AuthorisationRequested',
    );
    expect(attempts.map(({ data }) => [data['attempt'], data['method']])).toEqual([
      [1, 'pm_declined'],
      [2, 'pm_insufficient_funds'],
      [3, 'pm_ok'],
    ]);
  });

  it('takes one that was offered before the first was declined', async () => {
    world.provider.authorise = async (call) => {
      world.provider.authorise = provider.authorise;
      const orderId = call.orderId;
      await world.send('orders', 'OfferPaymentMethod', { orderId, paymentMethod: 'pm_ok' });
      return provider.authorise(call);
    };
    const { orderId } = await begunWith({ paymentRetryWindowMs: 0 }, 'pm_declined');
    await world.until(orderId, 'waiting_for_dispatch');
    expect(await lastOf(orderId)).toEqual(['OrderPaid', undefined]);
  });

  it('is rejected when the time is over', async () => {
    const { orderId, saga, product } = await begunWith({ paymentRetryWindowMs: 1_000 }, 'pm_declined');
    expect(await saga.outcome()).toEqual({ outcome: 'rejected', reason: 'payment_declined' });
    expect(await world.typesOf(`stock-${product}`)).toEqual(released);
    expect(await lastOf(orderId)).toEqual(['OrderRejected', 'payment_declined']);
  });

  it('ends cancelled when it is cancelled meanwhile', async () => {
    const { orderId, saga, product } = await begunWith(patient, 'pm_declined');
    await world.until(orderId, 'waiting_for_payment');
    await world.happens(orderId, 'orders', 'RequestCancellation', { reason: null });
    expect(await saga.outcome()).toEqual({ outcome: 'cancelled' });
    expect(await world.typesOf(`stock-${product}`)).toEqual(released);
    expect(await lastOf(orderId)).toEqual(['OrderCancelled', 'customer']);
  });
});

describe('an order that is cancelled', () => {
  it('before it is paid, stops at the next safe point and undoes what was done', async () => {
    const { orderId, saga, product } = await meanwhile('authorise', 'orders', 'RequestCancellation', { reason: null });
    expect(await saga.outcome()).toEqual({ outcome: 'cancelled' });
    expect(await world.typesOf(`payment-${orderId}`)).toContain('PaymentVoided');
    expect(await world.typesOf(`stock-${product}`)).toEqual(released);
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: 0, voided: price.amount });
  });

  it('in the moment in which it is to be marked paid, is refunded', async () => {
    world.provider.capture = async (call) => {
      const reply = await provider.capture(call);
      await world.send('orders', 'RequestCancellation', { orderId: call.key.split('/')[0]?.slice(6), reason: null });
      return reply;
    };
    const { orderId, saga } = await begun('pm_ok', await world.stocked(1));
    expect(await saga.outcome()).toEqual({ outcome: 'cancelled' });
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: price.amount, refunded: price.amount });
  });

  it('once it is paid, is refunded, restocked and its shipment cancelled', async () => {
    const product = await world.stocked(1);
    const { orderId, saga } = await begun('pm_ok', product);
    await world.until(orderId, 'waiting_for_dispatch');
    await world.happens(orderId, 'orders', 'RequestCancellation', { reason: null });
    expect(await saga.outcome()).toEqual({ outcome: 'cancelled' });
    expect((await world.typesOf(`payment-${orderId}`)).slice(4)).toEqual(['RefundRequested', 'PaymentRefunded']);
    expect((await world.typesOf(`stock-${product}`)).at(-1)).toBe('StockReturned');
    expect(await world.typesOf(`shipment-${orderId}`)).toEqual(['ShipmentCreated', 'ShipmentReturned']);
    expect(await lastOf(orderId)).toEqual(['OrderCancelled', 'customer']);
  });

  it('as a workflow, ends as if staff had given it up', async () => {
    const { orderId, saga } = await begunWith({ paymentRetryWindowMs: 60_000 }, 'pm_declined');
    await world.until(orderId, 'waiting_for_payment');
    await saga.cancel();
    expect(await saga.outcome()).toEqual({ outcome: 'cancelled' });
    expect(await world.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced', 'SagaAbortRequested', 'OrderCancelled']);
  });
});

describe('a return', () => {
  it('refunds what was paid and puts the goods back', async () => {
    const { orderId, saga, product } = await dispatched();
    await world.happens(orderId, 'shipping', 'RecordDelivery');
    await saga.outcome();
    expect(await world.returned(orderId)).toEqual({ outcome: 'refunded' });
    expect((await world.typesOf(`order-${orderId}`)).at(-1)).toBe('OrderReturned');
    expect((await world.typesOf(`stock-${product}`)).at(-1)).toBe('StockReturned');
    expect((await world.typesOf(`shipment-${orderId}`)).at(-1)).toBe('ShipmentReturned');
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: price.amount, refunded: price.amount });
  });
});

const paid = ['AuthorisationRequested', 'PaymentAuthorised', 'CaptureRequested', 'PaymentCaptured'];
const released = ['StockReceived', 'StockReserved', 'ReservationReleased'];

const begun = (method: string, ...products: readonly string[]) => begunOf({}, method, ...products);

const begunWith = async (timing: Partial<Timing>, method: string) => {
  const product = await world.stocked(1);
  return { product, ...(await begunOf(timing, method, product)) };
};

const begunOf = async (timing: Partial<Timing>, method: string, ...products: readonly string[]) => {
  const placed = await world.placed(method, ...products);
  return { placed, orderId: String(placed.data['orderId']), saga: await world.started(placed, timing) };
};

/** An order whose goods have left. */
const dispatched = async () => {
  const run = await begunWith({}, 'pm_ok');
  await world.until(run.orderId, 'waiting_for_dispatch');
  await world.happens(run.orderId, 'shipping', 'StartDispatch');
  await world.happens(run.orderId, 'shipping', 'RecordDispatch', { carrier: 'c', trackingNumber: 't' });
  return run;
};

/** An order of which something happens while a call to the provider is under way that gets no answer the first time. */
const meanwhile = async (
  call: 'authorise' | 'capture',
  ...[context, type, data]: [context: string, type: string, data: object]
) => {
  const original = provider[call] as (input: unknown) => Promise<never>;
  let reached: () => void = () => undefined;
  const underWay = new Promise<void>((resolve) => (reached = resolve));
  let goOn: () => void = () => undefined;
  const happened = new Promise<void>((resolve) => (goOn = resolve));
  world.provider[call] = async (input: unknown) => {
    world.provider[call] = original;
    reached();
    await happened;
    return original(input);
  };
  const run = await begunWith({}, 'pm_ok');
  await underWay;
  await world.happens(run.orderId, context, type, data);
  goOn();
  return run;
};

const lastOf = async (orderId: string) => {
  const last = (await world.eventsOf(`order-${orderId}`)).at(-1);
  return [last?.type, last?.data['reason']];
};
