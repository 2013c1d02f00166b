import { ConfigError, type Config } from '../config.js';
import { createMailbox } from './mailbox.js';
import type { Channel, NotificationSender } from './notification-sender.js';
import { createSmsSender } from './sms-sender.js';
import { createSmtpSender } from './smtp-sender.js';

export type Senders = Readonly<Record<Channel, NotificationSender>>;

type Settings = Pick<Config, 'SMTP_URL' | 'MAIL_FROM' | 'SMS_API_URL' | 'SMS_API_KEY' | 'SMS_FROM' | 'DATA_DIR'>;

/**
 * A sender for each channel, as the settings say; the development mailbox for a channel without an address to send to.
 *
 * @throws ConfigError where the SMS API has an address and no key.
 */
export const createSenders = ({
  SMTP_URL,
  MAIL_FROM,
  SMS_API_URL,
  SMS_API_KEY,
  SMS_FROM,
  DATA_DIR,
}: Settings): Senders => {
  if (SMS_API_URL !== undefined && SMS_API_KEY === undefined)
    throw new ConfigError(['SMS_API_KEY must be given with SMS_API_URL']);
  const mailbox = createMailbox(DATA_DIR);
  return {
    email: SMTP_URL === undefined ? mailbox : createSmtpSender({ url: SMTP_URL, from: MAIL_FROM }),
    sms:
      SMS_API_URL === undefined || SMS_API_KEY === undefined
        ? mailbox
        : createSmsSender({ url: SMS_API_URL, key: SMS_API_KEY, from: SMS_FROM }),
  };
};
