import { recordDispatchPolicy } from '../../domains/orders/commands.js';
import { DomainError } from '../../domains/shared/errors.js';
import { policyCommandId } from '../../infra/policies/policy-command-id.js';
import type { CommandMessage } from '../../infra/service-bus/service-bus.js';
import { changeStatus, type NewStatus } from './status-change.js';

const orderId = 'o1';
const facts = { at: '2026-01-01T00:00:00.000Z', correlationId: 'c1', actor: 's1', traceparent: '00-1-2-01' };

/** A bus that notes what it is sent, at positions that grow; `refusals` says what it throws, by types of commands. */
const notingBus = (refusals: Readonly<Record<string, DomainError>> = {}) => {
  const sent: CommandMessage[] = [];
  return {
    sent,
    typesSent: () => sent.map(({ type }) => type),
    send: (context: string, command: CommandMessage) => {
      const position = String(sent.push(command));
      const refusal = refusals[command.type];
      if (refusal) return Promise.reject(refusal);
      const category = context === 'orders' ? 'order' : 'shipment';
      const touched = [{ category, position }];
      return Promise.resolve({ streamId: `${category}-o1`, revision: 0, position, category, touched, answer: null });
    },
  };
};

const change = (
  bus: ReturnType<typeof notingBus>,
  status: NewStatus = 'SHIPPED',
  cancelling = false,
  present = 'SHIPPED',
) =>
  changeStatus(bus, { orderId, status: present, cancelling }, status, (type, data) => ({
    type,
    data,
    commandId: 'k1',
    ...facts,
  }));
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('an order that is shipped', () => {
  it('is marked between the start of the dispatch and its record', async () => {
    const bus = notingBus();
    await change(bus);
    expect(bus.typesSent()).toEqual(['StartDispatch', 'MarkOrderShipped', 'RecordDispatch']);
  });
  it('has its shipment created where it is just paid', async () => {
    const bus = notingBus();
    await change(bus, 'SHIPPED', false, 'PAID');
    expect(bus.typesSent()).toEqual(['CreateShipment', 'StartDispatch', 'MarkOrderShipped', 'RecordDispatch']);
  });
  it('has its dispatch recorded under the id under which the policy of orders does it', async () => {
    const bus = notingBus();
    await change(bus);
    expect(bus.sent.at(-1)).toEqual({
      ...facts,
      type: 'RecordDispatch',
      data: { orderId, carrier: null, trackingNumber: null },
      commandId: policyCommandId(recordDispatchPolicy, orderId),
      causationId: 'k1',
    });
  });
  it('tells of what was written to the order and to its shipment', async () =>
    expect(await change(notingBus())).toMatchObject({
      touched: [
        { category: 'order', position: '2' },
        { category: 'shipment', position: '3' },
      ],
    }));

  it('puts its goods back on the shelf where the order was cancelled first', async () => {
    const bus = notingBus({ MarkOrderShipped: new DomainError('order.illegal_transition', 'cancelled') });
    await expect(change(bus)).rejects.toEqual(refusal('order.illegal_transition'));
    expect(bus.typesSent()).toEqual(['StartDispatch', 'MarkOrderShipped', 'CancelShipment']);
    expect(new Set(bus.sent.map(({ commandId }) => commandId)).size).toBe(3);
  });
  it.each(['service.unavailable', 'command.conflict'] as const)(
    'leaves its goods where they are while the order has not decided: %s',
    async (code) => {
      const bus = notingBus({ MarkOrderShipped: new DomainError(code, '') });
      await expect(change(bus)).rejects.toEqual(refusal(code));
      expect(bus.typesSent()).toEqual(['StartDispatch', 'MarkOrderShipped']);
    },
  );
  it('is not marked where there is nothing to dispatch', async () => {
    const bus = notingBus({ StartDispatch: new DomainError('shipment.not_found', '') });
    await expect(change(bus)).rejects.toEqual(refusal('order.illegal_transition'));
    expect(bus.typesSent()).toEqual(['StartDispatch']);
  });
});

describe('an order that is being cancelled', () => {
  it.each(['SHIPPED', 'DELIVERED'] as const)('does not become %s', async (status) => {
    const bus = notingBus();
    await expect(change(bus, status, true)).rejects.toEqual(refusal('order.illegal_transition'));
    expect(bus.sent).toEqual([]);
  });
  it('may be cancelled again', async () => {
    const bus = notingBus();
    await change(bus, 'CANCELLED', true);
    expect(bus.typesSent()).toEqual(['RequestCancellation']);
  });
});

it.each([
  ['DELIVERED', 'RecordDelivery', 'shipment.illegal_transition'],
  ['CANCELLED', 'RequestCancellation', 'order.not_cancellable'],
] as const)('%s is refused by one code, whoever refuses it', async (status, type, code) => {
  await expect(change(notingBus({ [type]: new DomainError(code, '') }), status)).rejects.toEqual(
    refusal('order.illegal_transition'),
  );
});
