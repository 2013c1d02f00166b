import { SendingFailed, type NotificationSender, type OutgoingMessage } from './notification-sender.js';

/** `url` takes the messages; `from` is a number or a name that the provider knows the sender by. */
export type SmsSettings = Readonly<{ url: string; key: string; from: string }>;

const answerWithinMs = 10_000;
const longestReference = 200;

/**
 * Sends SMS over an HTTP API:
 *
 *     POST <url>
 *     Authorization: Bearer <key>
 *     Idempotency-Key: <id of the message>
 *     Content-Type: application/json
 *
 *     {"from": "Evermart", "to": "+43 1 234", "text": "…"}
 *
 * Any 2xx means that the message was taken; `id` in its JSON body becomes the reference.
 */
export const createSmsSender = ({ url, key, from }: SmsSettings): NotificationSender => {
  const post = ({ id, to, text }: OutgoingMessage) =>
    fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'idempotency-key': id, 'content-type': 'application/json' },
      body: JSON.stringify({ from, to, text }),
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
    });
  return {
    send: async (message) => {
      const response = await post(message).catch(() => {
        throw new SendingFailed('sms.unreachable', false);
      });
      // What was taken stays taken, whatever the body says.
      const body: unknown = await response.json().catch(() => null);
      if (!response.ok) throw new SendingFailed(`sms.${response.status}`, isPermanent(response.status));
      return { reference: referenceIn(body) ?? message.id };
    },
  };
};

/**
 * 401, 403, 404 and 405 speak of how the sender is set up, which a person can put right, and 409 of a repeat that came
 * too soon; the others ask for another try themselves.
 */
const triedAgain = [401, 403, 404, 405, 408, 409, 425, 429];

const isPermanent = (status: number) => status >= 400 && status < 500 && !triedAgain.includes(status);

const referenceIn = (body: unknown): string | undefined => {
  const { id } = Object(body) as Readonly<{ id?: unknown }>;
  return typeof id === 'string' && id !== '' && id.length <= longestReference ? id : undefined;
};
