import type { Money } from './money.js';

/** The most lines that are ordered at once, and the most pieces of a line. */
export const mostLines = 100;
export const mostPiecesOfALine = 1_000_000;

/** What a product is sold for, as `catalog: pricesOf` answers. */
export type Offer = Readonly<{ productId: string; sku: string; name: string; price: Money }>;

/** So many pieces of a product, as it was offered. It is stored in events: its fields are part of their shapes. */
export type Line = Readonly<{ productId: string; sku: string; name: string; quantity: number; unitPrice: Money }>;
