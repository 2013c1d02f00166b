export type Channel = 'email' | 'sms';

/** One message to one person. It is personal all through, but for its id. */
export type OutgoingMessage = Readonly<{
  /** UUID; the same when the message is sent again, so that whoever transports it can drop the repeat. */
  id: string;
  userId: string;
  channel: Channel;
  /** An email address or a phone number, as the channel has it. */
  to: string;
  subject: string;
  text: string;
}>;

/** The way out of the platform for messages to people. */
export type NotificationSender = Readonly<{
  /**
   * Hands a message over and gives what it is known by there, which is not personal.
   *
   * @throws SendingFailed where it was not taken, or nobody knows.
   */
  send: (message: OutgoingMessage) => Promise<Readonly<{ reference: string }>>;
}>;

/**
 * A message was not sent. It has a code and nothing else to tell: what mail servers say quotes addresses, and failures
 * are kept by Temporal.
 */
export class SendingFailed extends Error {
  override readonly name = 'SendingFailed';
  constructor(
    /** What went wrong, such as `smtp.550`. */
    readonly code: string,
    /** Whether it would fail again, however often it is tried. */
    readonly isPermanent: boolean,
  ) {
    super(`The message was not sent: ${code}`);
  }
}
