import { letter, type Template } from './template.js';

export const paymentDeclined: Template = {
  email: ({ name, orderId }) => ({
    subject: `The payment for your order ${orderId} was declined`,
    text: letter(
      name,
      `The payment for your order ${orderId} was declined. Nothing was charged.`,
      'Your order tells whether you can pay it in another way.',
    ),
  }),
};
