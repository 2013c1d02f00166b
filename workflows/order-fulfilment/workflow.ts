/** The workflows of an order, by the names under which Temporal knows them. */
export { orderFulfilment } from './saga/fulfil-order.js';
export { orderReturn } from './saga/return-order.js';
export { paymentRefund } from './saga/refund-payment.js';
