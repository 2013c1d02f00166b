import type { Message } from '../shared/decider.js';
import type { EventSchemas, Personal } from '../shared/event-schema.js';
import type { Money } from '../shared/money.js';

export type OrderLine = Readonly<{
  productId: string;
  sku: string;
  name: string;
  quantity: number;
  unitPrice: Money;
}>;

/** Where an order goes: as people write it. */
export type Address = Readonly<{
  name: string;
  street: string;
  city: string;
  postalCode: string;
  country: string;
}>;

type Owned = { orderId: string; userId: string };

// These names and fields are the storage format: change one only with a new schema version and an upcaster.
export type OrderEvent =
  | Message<
      'OrderPlaced',
      Owned & { lines: readonly OrderLine[]; total: Money; address: Personal<Address>; paymentMethod: string }
    >
  | Message<'OrderPaid', Owned & { paymentId: string; lines: readonly OrderLine[]; total: Money }>
  | Message<'OrderRejected', Owned & { reason: string }>;

export const orderEvents: EventSchemas<OrderEvent> = {
  OrderPlaced: { version: 1, personal: { subject: 'userId', fields: ['address'] } },
  OrderPaid: { version: 1 },
  OrderRejected: { version: 1 },
};
