import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../../../domains/shared/errors.js';
import { ConfigError, type Config } from '../../config.js';
import { noticeInBody, signatureHeader } from '../simulator/webhooks/notice.js';
import { noticeInStripeEvent } from '../stripe/stripe-event.js';
import type { ReceivedNotice } from './notice.js';
import { isSignedBy } from './signature.js';

/** What somebody posted as a notice; `now` is in milliseconds since 1970. */
export type PostedNotice = Readonly<{ headers: IncomingHttpHeaders; body: Buffer; now: number }>;

/**
 * Makes sense of a notice once it is sure that the provider sent it; null where it tells of nothing that is recorded.
 *
 * It throws DomainError `webhook.signature_invalid`, `request.malformed_json` or `command.invalid`, and
 * `service.unavailable` where there is no secret to check with.
 */
export type ReadNotice = (posted: PostedNotice) => ReceivedNotice | null;

type Settings = Pick<Config, 'PAYMENT_PROVIDER' | 'PAYMENT_WEBHOOK_SECRET' | 'STRIPE_WEBHOOK_SECRET'>;

/**
 * For the notices of the provider that the settings name.
 *
 * @throws ConfigError where it is Stripe and there is no secret.
 */
export const createNoticeReader = (settings: Settings): ReadNotice => {
  const { PAYMENT_PROVIDER, PAYMENT_WEBHOOK_SECRET, STRIPE_WEBHOOK_SECRET } = settings;
  if (PAYMENT_PROVIDER === 'simulator')
    return readingNotices({ header: signatureHeader, secret: PAYMENT_WEBHOOK_SECRET, noticeIn: noticeInBody });
  if (STRIPE_WEBHOOK_SECRET === undefined)
    throw new ConfigError([
      "STRIPE_WEBHOOK_SECRET must be set to the webhook's secret where PAYMENT_PROVIDER is stripe",
    ]);
  return readingNotices({ header: 'Stripe-Signature', secret: STRIPE_WEBHOOK_SECRET, noticeIn: noticeInStripeEvent });
};

type Source = Readonly<{
  header: string;
  secret: string | undefined;
  noticeIn: (body: unknown) => ReceivedNotice | null;
}>;

const readingNotices =
  ({ header, secret, noticeIn }: Source): ReadNotice =>
  ({ headers, body, now }) => {
    if (secret === undefined)
      throw new DomainError('service.unavailable', 'Notices cannot be checked here: set PAYMENT_WEBHOOK_SECRET');
    const signature = headers[header.toLowerCase()];
    const seconds = Math.floor(now / 1_000);
    if (typeof signature !== 'string' || !isSignedBy(signature, body, { secret, now: seconds }))
      throw new DomainError(
        'webhook.signature_invalid',
        `Sign the body just before it is sent, in the header ${header}`,
      );
    return noticeIn(jsonIn(body));
  };

const jsonIn = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new DomainError('request.malformed_json', 'The body must be JSON in UTF-8');
  }
};
