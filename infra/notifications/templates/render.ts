import type { Channel } from '../notification-sender.js';
import { delivered } from './delivered.js';
import { orderConfirmation } from './order-confirmation.js';
import { paymentDeclined } from './payment-declined.js';
import { shipped } from './shipped.js';
import type { RenderedText, Template, TemplateInput } from './template.js';
import { welcome } from './welcome.js';

const templates = new Map<string, Template>([
  ['welcome', welcome],
  ['order_confirmation', orderConfirmation],
  ['payment_declined', paymentDeclined],
  ['shipped', shipped],
  ['delivered', delivered],
]);

/** The text of a template for a channel; `null` where there is none. */
export const render = (template: string, channel: Channel, input: TemplateInput): RenderedText | null =>
  templates.get(template)?.[channel]?.(input) ?? null;
