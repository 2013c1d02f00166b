import { letter, type Template, type TemplateInput } from './template.js';

/** Facts: `carrier` and `trackingNumber`, where they are known. */
export const shipped: Template = {
  email: ({ name, orderId, facts }) => ({
    subject: `Your order ${orderId} is on its way`,
    text: letter(name, `Your order ${orderId} is on its way.${trackingIn(facts)}`),
  }),
  sms: ({ orderId, facts }) => ({
    subject: `Your order ${orderId} is on its way`,
    text: `Evermart: your order ${orderId} is on its way.${trackingIn(facts)}`,
  }),
};

const trackingIn = ({ carrier, trackingNumber }: TemplateInput['facts']): string =>
  carrier === undefined || trackingNumber === undefined ? '' : ` ${carrier} brings it as ${trackingNumber}.`;
