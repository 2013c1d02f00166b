/** What is done with an order once it shows a status. */
export type Act = Readonly<{
  at: string;
  do: 'offer another method' | 'cancel' | 'ship' | 'deliver' | 'return';
}>;

/** One way that an order can go, what is ordered and paid with to get there, and what is done on the way. */
export type Case = Readonly<{
  name: string;
  items: readonly Readonly<{ product: 'mug' | 'lamp'; quantity: number }>[];
  paymentMethod: string;
  acts?: readonly Act[];
  ends: string;
  reachesPayment: boolean;
}>;

const mugs = (quantity: number) => [{ product: 'mug', quantity }] as const;

const delivery: readonly Act[] = [
  { at: 'PAID', do: 'ship' },
  { at: 'SHIPPED', do: 'deliver' },
];

/** With `PAYMENT_RETRY_WINDOW_SECONDS=0` a decline is the end: what would be done after it is left out. */
export const declinedForGood = 'REJECTED payment_declined';

export const cases: readonly Case[] = [
  { name: 'paid', items: mugs(2), paymentMethod: 'pm_ok', ends: 'PAID', reachesPayment: true },
  { name: 'paid, no answer at first', items: mugs(1), paymentMethod: 'pm_timeout', ends: 'PAID', reachesPayment: true },
  { name: 'paid, after two failures', items: mugs(1), paymentMethod: 'pm_flaky', ends: 'PAID', reachesPayment: true },
  {
    name: 'declined, paid by another method',
    items: mugs(1),
    paymentMethod: 'pm_declined',
    acts: [{ at: 'PENDING payment_declined', do: 'offer another method' }],
    ends: 'PAID',
    reachesPayment: true,
  },
  {
    name: 'declined, cancelled, stock released',
    items: mugs(3),
    paymentMethod: 'pm_insufficient_funds',
    acts: [{ at: 'PENDING payment_declined', do: 'cancel' }],
    ends: 'CANCELLED customer',
    reachesPayment: true,
  },
  {
    name: 'capture refused, voided and released',
    items: mugs(1),
    paymentMethod: 'pm_capture_fails',
    ends: 'REJECTED capture_refused',
    reachesPayment: true,
  },
  {
    name: 'out of stock, the rest released',
    items: [...mugs(1), { product: 'lamp', quantity: 1 }],
    paymentMethod: 'pm_ok',
    ends: 'REJECTED out_of_stock',
    reachesPayment: false,
  },
  {
    name: 'paid, cancelled, refunded, restocked',
    items: mugs(2),
    paymentMethod: 'pm_ok',
    acts: [{ at: 'PAID', do: 'cancel' }],
    ends: 'CANCELLED customer',
    reachesPayment: true,
  },
  {
    name: 'delivered',
    items: mugs(1),
    paymentMethod: 'pm_ok',
    acts: delivery,
    ends: 'DELIVERED',
    reachesPayment: true,
  },
  {
    name: 'returned, refunded, restocked',
    items: mugs(1),
    paymentMethod: 'pm_ok',
    acts: [...delivery, { at: 'DELIVERED', do: 'return' }],
    ends: 'RETURNED',
    reachesPayment: true,
  },
];

/** What is kept of an order that ends so: its goods are gone and its money stays. */
export const isSold = (end: string): boolean => end === 'PAID' || end === 'DELIVERED';
