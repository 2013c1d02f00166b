import type { components } from '../../../client/api-types.js';
import type { Api, Asked } from '../api.js';

type Schemas = components['schemas'];
export type Order = Schemas['Order'];
export type Orders = Schemas['Orders'];
export type Saga = Schemas['Saga'];

/** What a message of the orders' stream says; nothing but the order is certain. */
export type OrderMessage = Readonly<{ orderId: string; type: string }> &
  Partial<Pick<Order, 'status' | 'statusReason' | 'payment' | 'shipment' | 'version' | 'updatedAt'>>;

/** Something that happened to an order, or was done for it. */
export type TimelineEntry = Schemas['TimelineEntry'];

/** `missing` names what could not be asked. */
export type Timeline = Schemas['Timeline'];

export const orderStatuses = ['PENDING', 'PAID', 'SHIPPED', 'DELIVERED', 'RETURNED', 'REJECTED', 'CANCELLED'] as const;

/** What staff may ask of a saga. */
export type SagaRequest = 'retry' | 'skip' | 'abort';

export const listOrders = (api: Api, asked: Asked) => api.get('/orders', asked) as Promise<Orders>;

export const getOrder = (api: Api, id: string) => api.get(pathOfOrder(id)) as Promise<Order>;

export const getSaga = (api: Api, id: string) => api.get(`${pathOfOrder(id)}/saga`) as Promise<Saga>;

export const getTimeline = (api: Api, id: string) => api.get(`${pathOfOrder(id)}/timeline`) as Promise<Timeline>;

export const askSaga = (api: Api, id: string, request: SagaRequest) =>
  api.send('POST', `${pathOfOrder(id)}/saga/${request}`);

export const pathOfOrder = (id: string): string => `/orders/${encodeURIComponent(id)}`;
