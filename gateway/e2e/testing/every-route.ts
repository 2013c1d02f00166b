import { v4 as randomId } from 'uuid';
import { address } from './shop.js';

/** The engines that a route may need. */
export type Engine = 'event-store' | 'postgres' | 'mongodb' | 'temporal';

/** What is there to ask about. */
export type Subjects = Readonly<Record<'userId' | 'productId' | 'orderId', string>>;

/** A request for an operation: what it takes to answer it, and what it may take, as where a key may be in memory. */
export type Try = Readonly<{
  path?: Readonly<Record<string, string>>;
  query?: string;
  body?: object;
  /** The first account where it is left out; `leaver` is a session of it that may end. */
  as?: 'customer' | 'leaver';
  needs?: readonly Engine[];
  mayNeed?: readonly Engine[];
}>;

const events: Try = { needs: ['event-store'] };
const rows: Try = { needs: ['postgres'] };
const documents: Try = { needs: ['mongodb'] };
const identity: Try = { needs: ['postgres', 'event-store'] };
/** Personal things are sealed with a key that this process may not have read yet. */
const sealing: Try = { needs: ['event-store'], mayNeed: ['postgres'] };
/** What keeps some operations on views from an answer opens the circuit to the projections, which refuses all for a while. */
const operation: Try = { mayNeed: ['postgres', 'mongodb', 'event-store'] };
const replays: Try = { ...identity, ...operation };
const nothing: Try = {};

/** A try of every operation, in the name of the first account where it says nothing else. Each asks anew. */
export const triesOf = ({ userId, productId, orderId }: Subjects): Readonly<Record<string, Try>> => {
  const product = () => ({ sku: randomId(), name: 'Mug', price: { amount: 950, currency: 'EUR' } });
  const [user, order, ofOrder, ofProduct] = [{ id: userId }, { id: orderId }, { orderId }, { productId }];
  const [view, key] = [{ name: 'nothing' }, { name: 'nothing', key: 'nothing' }];
  const payment = { paymentMethod: 'pm_ok', shippingAddress: address };
  const customer = { as: 'customer' } as const;
  return {
    registerUser: { ...identity, body: { email: `${randomId()}@example.org`, name: 'Ada', password: randomId() } },
    listUsers: rows,
    getUser: { ...rows, path: user },
    changeProfile: { ...identity, path: user, body: { name: 'Ada King' } },
    eraseUser: { ...identity, path: { id: randomId() } },
    changeRoles: { ...events, path: { id: randomId() }, body: { roles: ['customer'] } },
    listOrdersOfUser: { ...rows, path: user },
    signIn: { needs: ['postgres'], mayNeed: ['event-store'], body: { email: 'a@example.org', password: randomId() } },
    refreshTokens: { ...rows, body: { refreshToken: randomId() } },
    signOut: { ...rows, as: 'leaver', body: { refreshToken: randomId() } },
    getPublicKeys: nothing,
    listProducts: { ...documents, query: `q=${randomId()}` },
    addProduct: { ...events, body: product() },
    getProduct: { ...documents, path: { id: randomId() } },
    changeProduct: { ...events, path: { id: productId }, body: product() },
    discontinueProduct: { ...events, path: { id: randomId() } },
    listCategories: { ...documents, query: `limit=${1 + (Number.parseInt(randomId(), 16) % 100)}` },
    addCategory: { ...events, body: { name: 'Cups' } },
    getStock: { ...rows, path: ofProduct },
    receiveStock: { ...events, path: ofProduct, body: { quantity: 2 } },
    adjustStock: { ...events, path: ofProduct, body: { quantity: -1, reason: 'broken' } },
    getCart: { ...documents, ...customer },
    setCartItem: { ...events, ...customer, path: ofProduct, body: { quantity: 1 } },
    removeCartItem: { ...events, ...customer, path: ofProduct },
    checkOut: { ...sealing, ...customer, body: payment },
    placeOrder: { ...sealing, ...customer, body: { items: [{ productId, quantity: 1 }], ...payment } },
    listOrders: rows,
    getOrder: { ...rows, path: order },
    cancelOrder: { ...sealing, path: order },
    returnOrder: { ...sealing, path: order, body: { reason: 'broken' } },
    changeOrderStatus: { ...sealing, path: order, body: { status: 'DELIVERED' } },
    retrySaga: { ...events, path: order },
    skipSaga: { ...events, path: order },
    abortSaga: { ...events, path: order },
    followOrder: { ...rows, path: order },
    followOrders: rows,
    getSaga: { needs: ['event-store', 'temporal'], path: order },
    getTimeline: { ...events, path: order },
    offerPaymentMethod: { ...sealing, ...customer, body: { orderId, paymentMethod: 'pm_ok' } },
    getPayment: { ...rows, path: ofOrder },
    refundPayment: { ...sealing, path: ofOrder, body: { reason: 'broken' } },
    receivePaymentNotice: { ...nothing, body: {} },
    getShipment: { ...rows, path: ofOrder },
    addTracking: { ...sealing, path: ofOrder, body: { status: 'IN_TRANSIT' } },
    listNotifications: documents,
    getWebHome: { ...nothing, ...customer },
    getMobileHome: { ...nothing, ...customer },
    getOrderScreen: { ...nothing, ...customer, path: order },
    listProjections: operation,
    rebuildProjection: { ...operation, path: view },
    switchProjection: { ...operation, path: view },
    rollbackProjection: { ...operation, path: view },
    listParkedEvents: { ...operation, path: view },
    retryParkedEvents: { ...operation, path: key },
    discardParkedEvents: { ...operation, path: key },
    readStream: { ...events, path: { stream: `order-${orderId}` } },
    beginReplay: { ...operation, ...events, body: { view: 'orders', at: '1' } },
    listReplays: replays,
    getReplay: { ...replays, path: { id: randomId() } },
    listReplayRows: { ...replays, path: { id: randomId() } },
    dropReplay: { ...replays, path: { id: randomId() } },
    listStreams: { ...identity, query: 'prefix=order-' },
    getPastState: { ...events, path: { stream: `order-${orderId}` }, query: 'revision=0' },
    getDifference: { ...events, path: { stream: `order-${orderId}` }, query: 'fromRevision=0&toRevision=0' },
    readEvents: { ...events, query: 'category=category' },
    getCorrelation: { ...identity, path: { id: randomId() } },
    requestVerification: identity,
    getVerification: { ...identity, path: { id: randomId() } },
    getLatestVerification: identity,
    getProof: { ...identity, path: { position: '0' } },
    getConsistency: { ...identity, query: 'from=0&to=0' },
    listCheckpoints: identity,
    exportBundle: { ...identity, body: { stream: `order-${orderId}` } },
    getHealth: nothing,
    getLiveness: nothing,
    // It was ready once: with an engine away much goes on.
    getReadiness: nothing,
    getDescription: nothing,
    getMetrics: nothing,
  };
};
