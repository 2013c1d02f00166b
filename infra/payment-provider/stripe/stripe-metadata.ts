/** Under this name a PaymentIntent, its charge, its refunds and their events know the order. */
export const orderField = 'order_id';

/** Under this name a PaymentIntent knows the key of the call that made it, and so does its charge. */
export const authoriseKeyField = 'authorise_key';

/** Under this name a refund knows the key of the call that made it. */
export const refundKeyField = 'refund_key';
