import type { Channel } from '../notification-sender.js';

/** What a text is made from: the person's name, the order that it is about, and facts of its template. */
export type TemplateInput = Readonly<{
  name: string;
  orderId: string | null;
  facts: Readonly<Record<string, string>>;
}>;

/** `subject` is shown where the channel has subjects. */
export type RenderedText = Readonly<{ subject: string; text: string }>;

/** The texts for one occasion, by channel. Pure. */
export type Template = Readonly<Partial<Record<Channel, (input: TemplateInput) => RenderedText>>>;

/** The paragraphs of an email between greeting and signature. */
export const letter = (name: string, ...paragraphs: readonly string[]): string =>
  [`Hello ${name},`, ...paragraphs, 'Evermart'].join('\n\n') + '\n';
