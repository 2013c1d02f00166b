import type { Line } from '../../shared/line.js';

/** Whose cart every spec speaks of, and where their orders go. */
export const userId = 'u1';
export const address = { name: 'Ada', street: '1 Mill Lane', city: 'London', postalCode: 'N1', country: 'GB' };

/** What a product costs in every spec. */
export const price = { amount: 450, currency: 'EUR' };

/** Lines with so many pieces of each product. */
export const linesOf = (quantities: Readonly<Record<string, number>>): readonly Line[] =>
  Object.entries(quantities).map(([productId, quantity]) => ({
    productId,
    quantity,
    sku: productId.toUpperCase(),
    name: productId,
    unitPrice: price,
  }));
