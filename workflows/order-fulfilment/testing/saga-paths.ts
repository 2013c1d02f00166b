import type { WorkflowToRecord } from '../../../infra/temporal/testing/record-histories.js';
import { refundIdOf, returnIdOf, usualTiming, workflowIdOf } from '../fulfilment.js';
import { createStarts } from '../start-fulfilment.js';
import { arrive, begun, givenUp, orderOf, patient, triesWithinTask, unanswered } from './saga-run.js';
import type { SagaWorld } from './saga-world.js';

type Way = (world: SagaWorld) => Promise<string>;

/** Each gives the id of the workflow whose history is kept. */
const ways: Readonly<Record<string, Way>> = {
  delivered: async (world) => {
    const { orderId, until, ended } = await begun(world, 'pm_ok', {}, 2);
    await until('waiting_for_dispatch');
    await arrive(world, orderId);
    return ended();
  },

  'out-of-stock': async (world) => {
    const placed = await world.placed('pm_ok', await world.stocked(1, 'a'), await world.stocked(0, 'b'));
    await (await world.started(placed)).outcome();
    return workflowIdOf(String(placed.data['orderId']));
  },

  declined: async (world) => (await begun(world, 'pm_declined', { paymentRetryWindowMs: 500 })).ended(),

  'another-method': async (world) => {
    const { orderId, until } = await begun(world, 'pm_declined', patient);
    await until('waiting_for_payment');
    await world.happens(orderId, 'orders', 'OfferPaymentMethod', { paymentMethod: 'pm_ok' });
    return until('waiting_for_dispatch');
  },

  'capture-refused': async (world) => (await begun(world, 'pm_capture_fails')).ended(),

  'refused-at-the-pivot': async (world) => {
    const { capture } = world.provider;
    world.provider.capture = async (call) => {
      await world.send('orders', 'RejectOrder', { orderId: orderOf(call.key), reason: 'fraud' });
      return capture(call);
    };
    return (await begun(world, 'pm_ok')).ended();
  },

  'cancelled-while-waiting-for-payment': async (world) => {
    const { orderId, until, ended } = await begun(world, 'pm_declined', patient);
    await until('waiting_for_payment');
    await world.happens(orderId, 'orders', 'RequestCancellation', { reason: null });
    return ended();
  },

  'cancelled-before-capture': async (world) => {
    const { authorise } = world.provider;
    world.provider.authorise = async (call) => {
      await world.send('orders', 'RequestCancellation', { orderId: call.orderId, reason: null });
      return authorise(call);
    };
    return (await begun(world, 'pm_ok')).ended();
  },

  'cancelled-after-paid': async (world) => {
    const { orderId, until, ended } = await begun(world, 'pm_ok');
    await until('waiting_for_dispatch');
    await world.happens(orderId, 'orders', 'RequestCancellation', { reason: null });
    return ended();
  },

  'aborted-by-temporal': async (world) => {
    const { orderId, until, ended } = await begun(world, 'pm_declined', patient);
    await until('waiting_for_payment');
    await world.temporal.client.workflow.getHandle(workflowIdOf(orderId)).cancel();
    return ended();
  },

  'aborted-by-staff': async (world) => {
    const { orderId, until, ended } = await begun(world, 'pm_ok');
    await until('waiting_for_dispatch');
    await world.happens(orderId, 'orders', 'RequestSagaAbort');
    return ended();
  },

  'skipped-by-staff': async (world) => {
    const { orderId, until, ended } = await givenUp(world);
    await until('needs_attention');
    await world.happens(orderId, 'orders', 'RequestSagaSkip');
    return ended();
  },

  'retried-by-staff': async (world) => {
    const { authorise } = world.provider;
    const { orderId, until } = await givenUp(world);
    await until('needs_attention');
    world.provider.authorise = authorise;
    await world.happens(orderId, 'orders', 'RequestSagaRetry');
    return until('waiting_for_dispatch');
  },

  'given-up': async (world) => (await givenUp(world, { attentionMs: 500 })).ended(),

  'as-an-activity-of-its-own': async (world) => {
    const { authorise } = world.provider;
    let tries = 0;
    world.provider.authorise = (call) => {
      tries += 1;
      return tries > triesWithinTask ? authorise(call) : unanswered();
    };
    return (await begun(world, 'pm_ok')).until('waiting_for_dispatch');
  },

  'shipment-needs-attention': async (world) => {
    const { send } = world.sagaBus;
    world.sagaBus.send = (context, command) => (context === 'shipping' ? unanswered() : send(context, command));
    const { until } = await begun(world, 'pm_ok');
    await until('needs_attention');
    world.sagaBus.send = send;
    return until('waiting_for_dispatch');
  },

  'compensation-needs-attention': async (world) => {
    const { refund } = world.provider;
    world.provider.refund = unanswered;
    const { orderId, until, ended } = await begun(world, 'pm_ok');
    await until('waiting_for_dispatch');
    await world.happens(orderId, 'orders', 'RequestCancellation', { reason: null });
    await until('needs_attention');
    world.provider.refund = refund;
    return ended();
  },

  'overdue-dispatch': async (world) => {
    const { orderId, until, ended } = await begun(world, 'pm_ok', { dispatchMs: 300 });
    await until('needs_attention');
    await arrive(world, orderId);
    return ended();
  },

  returned: async (world) => {
    const { orderId, until, ended } = await begun(world, 'pm_ok');
    await until('waiting_for_dispatch');
    await arrive(world, orderId);
    await ended();
    await world.returned(orderId);
    return returnIdOf(orderId);
  },

  'refunded-by-staff': async (world) => {
    const { orderId, until } = await begun(world, 'pm_ok');
    await until('waiting_for_dispatch');
    const refundId = `refund-${orderId}`;
    await world.send('payments', 'RequestRefund', { orderId, refundId, amount: null, reason: 'goodwill' });
    const requested = (await world.eventsOf(`payment-${orderId}`)).at(-1);
    if (!requested) throw new Error('There is no payment to refund');
    const { client } = world.temporal;
    await createStarts({ client, bus: world.bus, timing: usualTiming }).refund(requested);
    await client.workflow.getHandle(refundIdOf(refundId)).result();
    return refundIdOf(refundId);
  },
};

/**
 * Every way that an order, a return and a refund may go, by the name of its recorded history. Each goes it on the real
 * engines, and leaves the world as it was for the next.
 */
export const sagaPaths: Readonly<Record<string, (world: SagaWorld) => Promise<WorkflowToRecord>>> = Object.fromEntries(
  Object.entries(ways).map(([name, go]) => [
    name,
    async (world) => {
      const [provider, sagaBus] = [{ ...world.provider }, { ...world.sagaBus }];
      const workflowId = await go(world);
      Object.assign(world.provider, provider);
      Object.assign(world.sagaBus, sagaBus);
      return world.temporal.client.workflow.getHandle(workflowId);
    },
  ]),
);
