/** One way that an order can end, and what is ordered and paid with to get there. */
export type Case = Readonly<{
  name: string;
  items: readonly Readonly<{ product: 'mug' | 'lamp'; quantity: number }>[];
  paymentMethod: string;
  ends: string;
  reachesPayment: boolean;
}>;

const mugs = (quantity: number) => [{ product: 'mug', quantity }] as const;

export const cases: readonly Case[] = [
  { name: 'paid', items: mugs(2), paymentMethod: 'pm_ok', ends: 'PAID', reachesPayment: true },
  { name: 'paid, no answer at first', items: mugs(1), paymentMethod: 'pm_timeout', ends: 'PAID', reachesPayment: true },
  { name: 'paid, after two failures', items: mugs(1), paymentMethod: 'pm_flaky', ends: 'PAID', reachesPayment: true },
  {
    name: 'declined, stock released',
    items: mugs(3),
    paymentMethod: 'pm_declined',
    ends: 'REJECTED payment_declined',
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
];
