/** What the API's description shows: one person, one product and one order, wherever they come up. */
export const examples = {
  userId: '4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10',
  productId: '0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77',
  orderId: '7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41',
  at: '2026-03-14T09:26:53.589Z',
  price: { amount: 1299, currency: 'EUR' },
  total: { amount: 2598, currency: 'EUR' },
  address: {
    name: 'Ada Lovelace',
    street: '12 St James Square',
    city: 'London',
    postalCode: 'SW1Y 4JH',
    country: 'GB',
  },
} as const;

const { userId, productId, orderId, at, price, total } = examples;

export const exampleLine = { productId, sku: 'MUG-1', name: 'Mug', quantity: 2, unitPrice: price } as const;

export const placedOrder = { id: orderId, userId, items: [exampleLine], total, status: 'PENDING' } as const;

export const exampleOrder = {
  ...placedOrder,
  status: 'SHIPPED',
  statusReason: null,
  payment: { status: 'CAPTURED', method: 'pm_ok' },
  shipment: { status: 'DISPATCHED', trackingNumber: 'PX-20440' },
  placedAt: at,
  updatedAt: at,
  version: 4,
} as const;

export const exampleProduct = {
  id: productId,
  sku: 'MUG-1',
  name: 'Mug',
  description: 'Holds 300 ml.',
  price,
  categories: ['kitchen'],
  available: 42,
} as const;
