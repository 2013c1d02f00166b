import type { Money } from '../../domains/shared/money.js';
import type { OrderView } from '../../projections/orders/queries.js';
import type { PaymentView } from '../../projections/payments/queries.js';
import type { StockView } from '../../projections/stock/queries.js';

/** An answer that is not a success, as RFC 9457 describes it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

export type SignIn = Readonly<{ email: string; password: string }>;
export type NewCustomer = SignIn & Readonly<{ name: string; phone?: string }>;
export type NewProduct = Readonly<{ sku: string; name: string; description?: string; price: Money }>;
export type NewOrder = Readonly<{
  items: readonly Readonly<{ productId: string; quantity: number }>[];
  paymentMethod: string;
  shippingAddress: Readonly<{ name: string; street: string; city: string; postalCode: string; country: string }>;
}>;

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
  stock: (productId: string) => Promise<StockView>;
  payment: (orderId: string) => Promise<PaymentView>;
}>;

/** A client of the gateway at `url`. */
export const createApiClient = (url: string, accessToken?: string): ApiClient => {
  const written = new Map<string, string>();

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
        ...(method === 'GET' && written.size > 0
          ? { 'x-consistency-token': [...written.values()].join(','), prefer: 'wait=30' }
          : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? null : JSON.parse(text);
    if (!response.ok) throw problemFrom(response.status, answer);
    remember(written, response.headers.get('x-consistency-token'));
    return answer;
  };

  return {
    signIn: async ({ email, password }) => {
      const answer = (await call('POST', '/auth/token', { email, password })) as { accessToken: string };
      return createApiClient(url, answer.accessToken);
    },
    register: async (who, key) => (await call('POST', '/users', who, keyed(key))) as { id: string },
    erase: async (userId) => {
      await call('DELETE', `/users/${userId}`);
    },
    addProduct: async (product, key) => (await call('POST', '/products', product, keyed(key))) as { id: string },
    receiveStock: async (productId, quantity, key) => {
      await call('POST', `/inventory/${productId}/receipts`, { quantity }, keyed(key));
    },
    placeOrder: async (order, key, headers = {}) =>
      (await call('POST', '/orders', order, { ...headers, ...keyed(key) })) as { id: string; total: Money },
    offerPaymentMethod: async (orderId, paymentMethod) => {
      await call('POST', '/payments', { orderId, paymentMethod });
    },
    cancelOrder: async (orderId) => {
      await call('POST', `/orders/${orderId}/cancel`, {});
    },
    returnOrder: async (orderId, reason) => {
      await call('POST', `/orders/${orderId}/returns`, { reason });
    },
    changeStatus: async (orderId, status) => {
      await call('PUT', `/orders/${orderId}/status`, { status });
    },
    order: async (id) => (await call('GET', `/orders/${id}`)) as OrderView,
    stock: async (productId) => (await call('GET', `/inventory/${productId}`)) as StockView,
    payment: async (orderId) => (await call('GET', `/payments/${orderId}`)) as PaymentView,
  };
};

const keyed = (key: string | undefined): Record<string, string> =>
  key === undefined ? {} : { 'idempotency-key': key };

/** Keeps the newest token of each category. */
const remember = (written: Map<string, string>, token: string | null): void => {
  for (const pair of token?.split(',') ?? []) written.set(pair.slice(pair.indexOf('.')), pair);
};

const problemFrom = (status: number, answer: unknown): ApiProblem => {
  const { code, detail } = (answer ?? {}) as { code?: unknown; detail?: unknown };
  return new ApiProblem(status, String(code), String(detail));
};
