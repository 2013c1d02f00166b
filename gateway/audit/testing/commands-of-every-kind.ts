import type { Message } from '../../../domains/shared/decider.js';
import { commands as order } from '../../../domains/orders/testing/example-order.js';
import * as payment from '../../../domains/payments/testing/examples.js';
import { address, linesOf, userId } from '../../../domains/carts/testing/example-cart.js';

const [orderId, productId, at] = ['o1', 'p1', '2026-01-01T00:00:00.000Z'];
const price = { amount: 450, currency: 'EUR' };
const product = { productId, sku: 'P1', name: 'Mug', description: '', price, categories: ['c1'] };
const claimBy = (holder: string) => ({ holder, claimId: `claim-${holder}`, claimedAt: at });
const message = (type: string, data: object): Message => ({ type, data });

/** A few commands for each kind of stream, that meet when they come in any order. */
export const commandsOfEveryKind: Readonly<Record<string, readonly Message[]>> = {
  user: [
    message('RegisterUser', {
      ...{ userId, email: 'ada@example.org', emailHash: 'h1', name: 'Ada', phone: null, roles: ['customer'] },
    }),
    message('ChangeRoles', { userId, roles: ['staff'] }),
    message('ChangeRoles', { userId, roles: ['customer', 'auditor'] }),
    message('RequestErasure', { userId, requestId: 'r1' }),
    message('WithdrawErasure', { userId, requestId: 'r1' }),
    message('DeactivateUser', { userId }),
  ],
  email: ['u1', 'u2'].flatMap((holder) => [
    message('ClaimEmail', { claim: claimBy(holder) }),
    message('ReleaseEmail', { claim: claimBy(holder) }),
  ]),
  sku: ['p1', 'p2'].flatMap((holder) => [
    message('ClaimSku', { claim: claimBy(holder) }),
    message('SettleSkuClaim', { claim: claimBy(holder) }),
  ]),
  product: [
    message('AddProduct', product),
    message('ChangeProduct', { ...product, name: 'Cup', claimId: 'claim-p1', basis: '' }),
    message('DiscontinueProduct', { productId }),
  ],
  category: [
    message('AddCategory', { categoryId: 'c1', name: 'Cups', parentId: null }),
    message('RenameCategory', { categoryId: 'c1', name: 'Mugs' }),
    message('RenameCategory', { categoryId: 'c1', name: 'Beakers' }),
  ],
  stock: [
    message('ReceiveStock', { productId, quantity: 5, reference: null }),
    message('AdjustStock', { productId, delta: -1, reason: 'broken' }),
    ...['o1', 'o2', 'o3'].flatMap((each) => [
      message('ReserveStock', { productId, orderId: each, quantity: 2 }),
      message('ReleaseReservation', { productId, orderId: each }),
      message('CommitReservation', { productId, orderId: each }),
      message('ReturnStock', { productId, orderId: each }),
    ]),
  ],
  cart: [
    message('SetCartItem', { userId, productId, quantity: 1 }),
    message('SetCartItem', { userId, productId: 'p2', quantity: 3 }),
    message('RemoveCartItem', { userId, productId }),
    message('CheckOut', { userId, orderId, lines: linesOf({ p1: 1 }), address, paymentMethod: 'pm_ok' }),
    message('CompleteCheckout', { userId, orderId }),
    message('RejectCheckout', { userId, orderId, code: 'no', isAbandoned: true }),
  ],
  order: Object.values(order).map((commandOf) => commandOf()),
  payment: [
    ...[payment.authorise(), payment.recordAuthorisation, payment.recordDecline, payment.authorise(2)],
    ...[payment.capture, payment.recordCapture, payment.recordRefusal, payment.requestVoid, payment.recordVoid],
    ...[payment.refund('r1', 300), payment.recordRefund, payment.recordRefundRefusal, payment.notice('n1')],
  ],
  shipment: [
    message('CreateShipment', { orderId, userId, lines: [], address: null }),
    message('StartDispatch', { orderId }),
    message('RecordDispatch', { orderId, carrier: 'DHL', trackingNumber: 'T1' }),
    message('UpdateTracking', { orderId, status: 'in_transit', location: null, note: null, at }),
    message('RecordDelivery', { orderId }),
    message('RecordReturn', { orderId }),
    message('CancelShipment', { orderId }),
  ],
  notification: [
    message('RequestNotification', {
      ...{ notificationId: 'n1', userId, channel: 'email', template: 'welcome', orderId: null, facts: {} },
      isReachable: true,
    }),
    message('RecordNotificationSent', { notificationId: 'n1', reference: 'm1' }),
    message('RecordNotificationFailed', { notificationId: 'n1', code: 'no' }),
  ],
  audit: [message('RecordAuditRead', { reader: userId, what: 'GET /api/v1/audit/events' })],
};
