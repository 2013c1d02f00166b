import { letter, type Template } from './template.js';

export const delivered: Template = {
  email: ({ name, orderId }) => ({
    subject: `Your order ${orderId} was delivered`,
    text: letter(name, `Your order ${orderId} was delivered. We hope that you like it.`),
  }),
  sms: ({ orderId }) => ({
    subject: `Your order ${orderId} was delivered`,
    text: `Evermart: your order ${orderId} was delivered.`,
  }),
};
