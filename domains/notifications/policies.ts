import type { Policy, PolicyEvent } from '../shared/policy.js';
import type { Channel, Facts } from './events.js';

/** What a notification says of an event; `null` where the person is to hear nothing of it. */
type FactsOf = (data: PolicyEvent['data']) => Facts | null;

type Occasion = Readonly<{
  category: string;
  type: string;
  template: string;
  channels: readonly Channel[];
  facts: FactsOf;
}>;

const noFacts: FactsOf = () => ({});

/** The total as its amount and currency: how it is written is up to the text. */
const ofOrderPaid: FactsOf = ({ total, lines }) => {
  const { amount, currency } = total as { amount: number; currency: string };
  const ordered = lines as readonly { name: string; quantity: number }[];
  return {
    amount: String(amount),
    currency,
    lines: ordered.map(({ name, quantity }) => `${quantity} × ${name}`).join('\n'),
  };
};

/** A void that nobody had answered closes the attempt as well: it was not the bank that declined. */
const ofPaymentDeclined: FactsOf = ({ code }) => (code === 'voided_unanswered' ? null : {});

/** The order does not know its tracking, only the shipment does. */
const ofShipmentDispatched: FactsOf = ({ carrier, trackingNumber }) =>
  typeof carrier === 'string' && typeof trackingNumber === 'string' ? { carrier, trackingNumber } : {};

/** All that people are told of. */
const occasions: readonly Occasion[] = [
  { category: 'user', type: 'UserRegistered', template: 'welcome', channels: ['email'], facts: noFacts },
  { category: 'order', type: 'OrderPaid', template: 'order_confirmation', channels: ['email'], facts: ofOrderPaid },
  {
    category: 'payment',
    type: 'PaymentDeclined',
    template: 'payment_declined',
    channels: ['email'],
    facts: ofPaymentDeclined,
  },
  {
    category: 'shipment',
    type: 'ShipmentDispatched',
    template: 'shipped',
    channels: ['email', 'sms'],
    facts: ofShipmentDispatched,
  },
  { category: 'order', type: 'OrderDelivered', template: 'delivered', channels: ['email', 'sms'], facts: noFacts },
];

const policyOf = ({ category, type, template, facts }: Occasion, channel: Channel): Policy => ({
  name: `notifications/${template}_by_${channel}`,
  category,
  type,
  after: 'at_once',
  command: ({ id: cause, data }) => {
    const told = facts(data);
    if (told === null) return null;
    const { userId, orderId = null } = data;
    const request = { cause, channel, template, userId, orderId, facts: told };
    return { context: 'notifications', type: 'RequestNotification', data: request };
  },
});

/** Whenever something happened that a person wants to hear of, a notification is requested on each channel. */
export const notificationPolicies: readonly Policy[] = occasions.flatMap((occasion) =>
  occasion.channels.map((channel) => policyOf(occasion, channel)),
);
