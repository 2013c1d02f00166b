/** The statuses of an order, as the API shows them. */
export type OrderStatus = 'PENDING' | 'PAID' | 'SHIPPED' | 'DELIVERED' | 'RETURNED' | 'REJECTED' | 'CANCELLED';
