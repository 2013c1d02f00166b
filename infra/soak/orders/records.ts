import { idOf, type StoredEvent } from '../../event-store/stored-event.js';
import type { OrderStatus } from '../order-status.js';

/** An event as far as it is looked at. */
export type RecordedEvent = Pick<StoredEvent, 'streamId' | 'revision' | 'type' | 'data' | 'created'>;

/** Events by what they are about, in the order of their streams: those of an order by its id, of a stock by its product. */
export type Records = Readonly<Record<Category, ReadonlyMap<string, readonly RecordedEvent[]>>>;

export const categories = ['order', 'payment', 'shipment', 'stock'] as const;
type Category = (typeof categories)[number];

/** Records that grow. */
export const createRecords = () => {
  const records = { order: new Map(), payment: new Map(), shipment: new Map(), stock: new Map() } satisfies Record<
    Category,
    Map<string, RecordedEvent[]>
  >;
  const add = (event: StoredEvent): string => {
    const ofCategory = records[event.category as Category] as Map<string, RecordedEvent[]>;
    const id = idOf(event.streamId);
    const events = ofCategory.get(id);
    if (events) events.push(event);
    else ofCategory.set(id, [event]);
    return id;
  };
  return { records: records as Records, add };
};

/** How often an order, its payment and its shipment have had an event of a type. */
export const countOf = (records: Records, orderId: string, type: string): number =>
  eventsOf(records, orderId).filter((event) => event.type === type).length;

/** All events of an order, its payment and its shipment. */
export const eventsOf = ({ order, payment, shipment }: Records, orderId: string): readonly RecordedEvent[] =>
  [order, payment, shipment].flatMap((streams) => streams.get(orderId) ?? []);

/** Whether an order is one whose price the shop keeps. */
export const isKept = (status: OrderStatus): boolean => ['PAID', 'SHIPPED', 'DELIVERED'].includes(status);
