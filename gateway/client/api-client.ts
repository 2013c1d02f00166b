import type { Money } from '../../domains/shared/money.js';
import type { components } from './api-types.js';
import { answered, createEvermart, type Evermart } from './evermart.js';
import type { SignIn } from './session.js';

export { ApiProblem } from './problem.js';
export type { SignIn } from './session.js';

type Schemas = components['schemas'];
export type OrderView = Schemas['Order'];
export type NewCustomer = Schemas['Registration'];
export type NewProduct = Schemas['NewProduct'];
export type NewOrder = Schemas['NewOrder'];

/** What a person can do over the public API. Reads see at least what was written through the same client. */
export type ApiClient = Readonly<{
  /** The same API in the name of whoever signs in. @throws ApiProblem, as all of these do. */
  signIn: (who: SignIn) => Promise<ApiClient>;
  register: (who: NewCustomer, idempotencyKey?: string) => Promise<Readonly<{ id: string }>>;
  /** Erases the person. */
  erase: (userId: string) => Promise<void>;
  addProduct: (product: NewProduct, idempotencyKey?: string) => Promise<Readonly<{ id: string }>>;
  receiveStock: (productId: string, quantity: number, idempotencyKey?: string) => Promise<void>;
  placeOrder: (
    order: NewOrder,
    idempotencyKey?: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Readonly<{ id: string; total: Money }>>;
  /** Another method for an order whose payment was declined. */
  offerPaymentMethod: (orderId: string, paymentMethod: string) => Promise<void>;
  cancelOrder: (orderId: string) => Promise<void>;
  returnOrder: (orderId: string, reason: string) => Promise<void>;
  changeStatus: (orderId: string, status: 'SHIPPED' | 'DELIVERED') => Promise<void>;
  order: (id: string) => Promise<OrderView>;
  timeline: (orderId: string) => Promise<Schemas['Timeline']>;
  stock: (productId: string) => Promise<Schemas['Stock']>;
  payment: (orderId: string) => Promise<Schemas['Payment']>;
}>;

/** A client of the gateway at `url`, in nobody's name. What is refused for the moment is for the caller to send again. */
export const createApiClient = (url: string): ApiClient => clientOf(url, createEvermart(url, { retries: 0 }));

const clientOf = (url: string, { api }: Evermart): ApiClient => ({
  signIn: async (who) => {
    const evermart = createEvermart(url, { retries: 0 });
    await evermart.signIn(who);
    return clientOf(url, evermart);
  },
  register: (body, key) => answered(api.POST('/api/v1/users', { body, headers: keyed(key) })),
  erase: async (id) => {
    await api.DELETE('/api/v1/users/{id}', { params: { path: { id } } });
  },
  addProduct: (body, key) => answered(api.POST('/api/v1/products', { body, headers: keyed(key) })),
  receiveStock: async (productId, quantity, key) => {
    const params = { path: { productId } };
    await api.POST('/api/v1/inventory/{productId}/receipts', { params, body: { quantity }, headers: keyed(key) });
  },
  placeOrder: (body, key, headers = {}) =>
    answered(api.POST('/api/v1/orders', { body, headers: { ...headers, ...keyed(key) } })),
  offerPaymentMethod: async (orderId, paymentMethod) => {
    await api.POST('/api/v1/payments', { body: { orderId, paymentMethod } });
  },
  cancelOrder: async (id) => {
    await api.POST('/api/v1/orders/{id}/cancel', { params: { path: { id } }, body: {} });
  },
  returnOrder: async (id, reason) => {
    await api.POST('/api/v1/orders/{id}/returns', { params: { path: { id } }, body: { reason } });
  },
  changeStatus: async (id, status) => {
    await api.PUT('/api/v1/orders/{id}/status', { params: { path: { id } }, body: { status } });
  },
  order: (id) => answered(api.GET('/api/v1/orders/{id}', { params: { path: { id } } })),
  timeline: (id) => answered(api.GET('/api/v1/orders/{id}/timeline', { params: { path: { id } } })),
  stock: (productId) => answered(api.GET('/api/v1/inventory/{productId}', { params: { path: { productId } } })),
  payment: (orderId) => answered(api.GET('/api/v1/payments/{orderId}', { params: { path: { orderId } } })),
});

const keyed = (key: string | undefined): Record<string, string> =>
  key === undefined ? {} : { 'idempotency-key': key };
