import { letter, type Template } from './template.js';

/** Facts: `amount` in minor units and `currency` of the total, `lines` as text. */
export const orderConfirmation: Template = {
  email: ({ name, orderId, facts }) => ({
    subject: `Your order ${orderId}`,
    text: letter(
      name,
      `Thank you for your order ${orderId}. It is paid, and we are preparing it.`,
      facts['lines'] ?? '',
      `Total: ${totalOf(facts)}`,
      'We will write again when it is on its way.',
    ),
  }),
};

/** Minor units are as many digits as ISO 4217 gives the currency. */
const totalOf = ({ amount = '', currency = '' }: Readonly<Record<string, string>>): string => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(Number(amount) / 10 ** digits);
};
