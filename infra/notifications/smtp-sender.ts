import { createTransport } from 'nodemailer';
import { SendingFailed, type NotificationSender } from './notification-sender.js';

/** `url` is `smtp://` (STARTTLS where the server offers it) or `smtps://`, with user and password where it wants them. */
export type SmtpSettings = Readonly<{ url: string; from: string }>;

const connectWithinMs = 5_000;
const answerWithinMs = 10_000;

/** Sends email over SMTP. A message that is sent again has the same Message-ID. */
export const createSmtpSender = ({ url, from }: SmtpSettings): NotificationSender => {
  const transport = createTransport({
    url,
    connectionTimeout: connectWithinMs,
    greetingTimeout: connectWithinMs,
    socketTimeout: answerWithinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ id, to, subject, text }) => {
      try {
        const { messageId } = await transport.sendMail({
          from,
          // As an object it is one address, whatever is written in it.
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@evermart>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { reference: messageId };
      } catch (error) {
        throw failureOf(Object(error) as SmtpError);
      }
    },
  };
};

/** As nodemailer says it: `command` is the one that went wrong, `responseCode` what the server answered. */
type SmtpError = Readonly<{ code?: unknown; command?: unknown; responseCode?: unknown }>;

/**
 * A 5yz to the recipient or to the message is for good (RFC 5321, 4.2.1); to anything else, such as the password or the
 * sender, it speaks of how the platform is set up.
 */
const failureOf = ({ code, command, responseCode }: SmtpError): SendingFailed => {
  if (typeof responseCode === 'number') {
    const isOfThisMessage = command === 'RCPT TO' || command === 'DATA';
    return new SendingFailed(`smtp.${responseCode}`, responseCode >= 500 && isOfThisMessage);
  }
  // No server was asked: the address is none.
  if (code === 'EENVELOPE') return new SendingFailed('recipient.invalid', true);
  return new SendingFailed('smtp.unreachable', false);
};
