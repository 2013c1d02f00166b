import type { Address } from '../shared/address.js';
import type { Message } from '../shared/decider.js';
import type { EventSchemas, Personal } from '../shared/event-schema.js';
import type { Line } from '../shared/line.js';
import type { Money } from '../shared/money.js';

type Owned = { orderId: string; userId: string };

// These names and fields are the storage format: change one only with a new schema version and an upcaster.
export type OrderEvent =
  // `fromCart`: whether it was checked out of a cart; `null` where it was stored before that was kept.
  | Message<
      'OrderPlaced',
      Owned & {
        lines: readonly Line[];
        total: Money;
        address: Personal<Address>;
        paymentMethod: string;
        fromCart: boolean | null;
      }
    >
  // Stands alone in its stream: what was to be placed was refused, with this code, and can no longer be.
  | Message<'PlacementAbandoned', Owned & { code: string }>
  | Message<'PaymentMethodOffered', Owned & { paymentMethod: string }>
  // `by` is who asked: a user id, or a name in brackets.
  | Message<'CancellationRequested', Owned & { reason: string | null; by: string }>
  | Message<'OrderPaid', Owned & { paymentId: string; lines: readonly Line[]; total: Money }>
  | Message<'OrderRejected', Owned & { reason: string }>
  | Message<'OrderCancelled', Owned & { reason: string }>
  | Message<'OrderShipped', Owned>
  | Message<'OrderDelivered', Owned>
  | Message<'ReturnRequested', Owned & { reason: string }>
  | Message<'OrderReturned', Owned>
  | Message<'SagaStepFailed', Owned & { step: string; attempt: number; code: string }>
  | Message<'SagaRetryRequested', Owned & { by: string }>
  | Message<'SagaSkipRequested', Owned & { by: string }>
  | Message<'SagaAbortRequested', Owned & { by: string }>;

export const orderEvents: EventSchemas<OrderEvent> = {
  OrderPlaced: { version: 2, personal: { subject: 'userId', fields: ['address'] } },
  PlacementAbandoned: { version: 1 },
  PaymentMethodOffered: { version: 1 },
  CancellationRequested: { version: 1 },
  OrderPaid: { version: 1 },
  OrderRejected: { version: 1 },
  OrderCancelled: { version: 1 },
  OrderShipped: { version: 1 },
  OrderDelivered: { version: 1 },
  ReturnRequested: { version: 1 },
  OrderReturned: { version: 1 },
  SagaStepFailed: { version: 1 },
  SagaRetryRequested: { version: 1 },
  SagaSkipRequested: { version: 1 },
  SagaAbortRequested: { version: 1 },
};
