import { inventory } from '../../domains/inventory/service.js';
import { orders } from '../../domains/orders/service.js';
import { payments } from '../../domains/payments/service.js';
import { price, startSagaWorld, type SagaWorld } from './testing/saga-world.js';

let world: SagaWorld;
let provider: SagaWorld['provider'];

beforeAll(async () => {
  world = await startSagaWorld([orders, payments, inventory]);
  provider = { ...world.provider };
});
afterEach(() => Object.assign(world.provider, provider));
afterAll(() => world.stop());

describe('an order that can be fulfilled', () => {
  it('is paid, its stock reserved and then committed', async () => {
    const product = await world.stocked(5);
    const { orderId, saga } = await begun('pm_ok', product);
    expect(await saga.outcome()).toEqual({ outcome: 'paid' });
    expect(await world.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced', 'OrderPaid']);
    expect(await world.typesOf(`stock-${product}`)).toEqual(['StockReceived', 'StockReserved', 'ReservationCommitted']);
    expect(await world.typesOf(`payment-${orderId}`)).toEqual([
      'AuthorisationRequested',
      'PaymentAuthorised',
      'CaptureRequested',
      'PaymentCaptured',
    ]);
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: price.amount, refunded: 0, voided: 0 });
    expect(await saga.query('progress')).toEqual({ step: 'done', pendingCompensations: [] });
  });

  it('leaves its correlation, its cause and its trace in every event of the saga', async () => {
    const product = await world.stocked(5);
    const { placed, orderId, saga } = await begun('pm_ok', product);
    await saga.outcome();
    const events = [
      ...(await world.eventsOf(`stock-${product}`)).slice(1),
      ...(await world.eventsOf(`payment-${orderId}`)),
      ...(await world.eventsOf(`order-${orderId}`)).slice(1),
    ];
    const { $correlationId, traceparent } = placed.metadata;
    const facts = { $correlationId, traceparent, $causationId: placed.id, actor: '(saga)' };
    for (const { metadata } of events) expect(metadata).toMatchObject(facts);
  });

  it('reserves its lines in the order of product ids', async () => {
    const [b, a] = [await world.stocked(1, 'b'), await world.stocked(1, 'a')];
    const { saga } = await begun('pm_ok', b, a);
    await saga.outcome();
    const [, reservedA] = await world.eventsOf(`stock-${a}`);
    const [, reservedB] = await world.eventsOf(`stock-${b}`);
    expect(reservedA?.position.commit).toBeLessThan(reservedB?.position.commit ?? 0n);
  });

  it.each(['pm_timeout', 'pm_flaky', 'pm_slow'])('is charged once with %s', async (method) => {
    const { orderId, saga } = await begun(method, await world.stocked(1));
    expect(await saga.outcome()).toEqual({ outcome: 'paid' });
    const { charges, captured } = await world.ledgerOf(orderId);
    expect({ charges: charges.length, captured }).toEqual({ charges: 1, captured: price.amount });
  });
});

describe('a step that is tried again', () => {
  it('is dated by when it was first due', async () => {
    const { orderId, saga } = await begun('pm_flaky', await world.stocked(1));
    await saga.outcome();
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
    expect(await rejectionOf(orderId)).toBe('out_of_stock');
  });

  it.each(['pm_declined', 'pm_of_another_shop'])('is rejected with %s, without a charge', async (method) => {
    const product = await world.stocked(1);
    const { orderId, saga } = await begun(method, product);
    expect(await saga.outcome()).toEqual({ outcome: 'rejected', reason: 'payment_declined' });
    expect(await world.typesOf(`payment-${orderId}`)).toEqual(['AuthorisationRequested', 'PaymentDeclined']);
    expect(await world.typesOf(`stock-${product}`)).toEqual(['StockReceived', 'StockReserved', 'ReservationReleased']);
    expect(await world.ledgerOf(orderId)).toMatchObject({ charges: [] });
    expect(await rejectionOf(orderId)).toBe('payment_declined');
  });

  it('is rejected when the capture is refused, its authorisation voided and its stock released', async () => {
    const product = await world.stocked(1);
    const { orderId, saga } = await begun('pm_capture_fails', product);
    expect(await saga.outcome()).toEqual({ outcome: 'rejected', reason: 'capture_refused' });
    expect(await world.typesOf(`payment-${orderId}`)).toEqual([
      'AuthorisationRequested',
      'PaymentAuthorised',
      'CaptureRequested',
      'CaptureRefused',
      'VoidRequested',
      'PaymentVoided',
    ]);
    expect(await world.typesOf(`stock-${product}`)).toEqual(['StockReceived', 'StockReserved', 'ReservationReleased']);
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: 0, voided: price.amount });
    expect(await rejectionOf(orderId)).toBe('capture_refused');
  });

  it('is refunded when it turns out at the pivot that it is not to be paid', async () => {
    const reason = 'order.illegal_transition';
    world.provider.capture = async (call) => {
      await world.send('orders', 'RejectOrder', { orderId, reason });
      return provider.capture(call);
    };
    const placed = await world.placed('pm_ok', await world.stocked(1));
    const orderId = String(placed.data['orderId']);
    const saga = await world.started(placed);
    expect(await saga.outcome()).toEqual({ outcome: 'rejected', reason });
    expect((await world.typesOf(`payment-${orderId}`)).slice(4)).toEqual(['RefundRequested', 'PaymentRefunded']);
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: price.amount, refunded: price.amount });
  });
});

describe('a saga that is cancelled while the outcome of a step is unknown', () => {
  it('voids an authorisation that took effect unheard', async () => {
    const { orderId, saga } = await cancelledDuring('authorise', async (call) => {
      await provider.authorise(call);
    });
    expect(await saga.outcome()).toEqual({ outcome: 'rejected', reason: 'saga_cancelled' });
    expect(await world.typesOf(`payment-${orderId}`)).toEqual([
      'AuthorisationRequested',
      'PaymentAuthorised',
      'VoidRequested',
      'PaymentVoided',
    ]);
    expect(await world.ledgerOf(orderId)).toMatchObject({ voided: price.amount, captured: 0 });
  });

  it('has an authorisation refused that comes after it went back', async () => {
    const late: Parameters<typeof provider.authorise>[0][] = [];
    const { orderId, saga } = await cancelledDuring('authorise', (call) => Promise.resolve(void late.push(call)));
    await saga.outcome();
    expect(await world.typesOf(`payment-${orderId}`)).toEqual(['AuthorisationRequested', 'PaymentDeclined']);
    const [call] = late;
    expect(call && (await provider.authorise(call))).toMatchObject({ outcome: 'refused' });
    expect(await world.ledgerOf(orderId)).toMatchObject({ charges: [] });
  });

  it('refunds a capture that took effect unheard, once', async () => {
    const { orderId, saga } = await cancelledDuring('capture', async (call) => {
      await provider.capture(call);
    });
    expect(await saga.outcome()).toEqual({ outcome: 'rejected', reason: 'saga_cancelled' });
    expect((await world.typesOf(`payment-${orderId}`)).slice(2)).toEqual([
      'CaptureRequested',
      'PaymentCaptured',
      'RefundRequested',
      'PaymentRefunded',
    ]);
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: price.amount, refunded: price.amount });
  });
});

describe('a compensation', () => {
  it('is tried until it is done', async () => {
    let refusals = 2;
    world.provider.voidAuthorisation = (call) => {
      refusals -= 1;
      return refusals >= 0 ? Promise.reject(new Error('away')) : provider.voidAuthorisation(call);
    };
    const { orderId, saga } = await begun('pm_capture_fails', await world.stocked(1));
    expect(await saga.outcome()).toEqual({ outcome: 'rejected', reason: 'capture_refused' });
    expect(await world.ledgerOf(orderId)).toMatchObject({ voided: price.amount });
  });
});

describe('a refund that the provider refuses', () => {
  it('is asked for anew: the same one is refused for ever', async () => {
    const keys: string[] = [];
    world.provider.refund = (call) => {
      keys.push(call.key);
      return keys.length === 1
        ? Promise.resolve({ outcome: 'refused', code: 'refund_exceeds_capture' })
        : provider.refund(call);
    };
    const { orderId, saga } = await cancelledDuring('capture', async (call) => {
      await provider.capture(call);
    });
    await saga.outcome();
    expect((await world.typesOf(`payment-${orderId}`)).slice(4)).toEqual([
      'RefundRequested',
      'RefundRefused',
      'RefundRequested',
      'PaymentRefunded',
    ]);
    expect(keys).toEqual([`order-${orderId}/refund/1`, `order-${orderId}/refund/2`]);
    expect(await world.ledgerOf(orderId)).toMatchObject({ captured: price.amount, refunded: price.amount });
  });
});

describe('an order that is not pending', () => {
  it('is left alone', async () => {
    const product = await world.stocked(1);
    const placed = await world.placed('pm_ok', product);
    await world.send('orders', 'RejectOrder', { orderId: placed.data['orderId'], reason: 'other' });
    const saga = await world.started(placed);
    expect(await saga.outcome()).toEqual({ outcome: 'nothing_to_do', status: 'REJECTED' });
    expect(await world.typesOf(`stock-${product}`)).toEqual(['StockReceived']);
  });
});

const begun = async (method: string, ...products: readonly string[]) => {
  const placed = await world.placed(method, ...products);
  return { placed, orderId: String(placed.data['orderId']), saga: await world.started(placed) };
};

/** A saga that is cancelled while a call is under way which does `effect` and gets no answer. */
const cancelledDuring = async <Call extends 'authorise' | 'capture'>(
  call: Call,
  effect: (input: Parameters<SagaWorld['provider'][Call]>[0]) => Promise<void>,
) => {
  let cancel: () => void = () => undefined;
  const cancelled = new Promise<void>((resolve) => (cancel = resolve));
  let reached: () => void = () => undefined;
  const underWay = new Promise<void>((resolve) => (reached = resolve));
  const original = provider[call];
  world.provider[call] = async (input: Parameters<typeof original>[0] & { key: string }) => {
    await effect(input);
    reached();
    await cancelled;
    world.provider[call] = original;
    throw new Error('no answer');
  };
  const run = await begun('pm_ok', await world.stocked(1));
  await underWay;
  await run.saga.cancel();
  cancel();
  return run;
};

const rejectionOf = async (orderId: string) => {
  const last = (await world.eventsOf(`order-${orderId}`)).at(-1);
  return last?.type === 'OrderRejected' ? last.data['reason'] : undefined;
};
