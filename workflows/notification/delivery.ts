/** What the request brings along: the commands of the delivery continue its correlation and its trace. */
export type Origin = Readonly<{
  /** UUID. */
  notificationId: string;
  correlationId: string;
  /** The id of the `NotificationRequested` event. */
  causationId: string;
  /** W3C trace context of the request; used where an activity is not traced itself. */
  traceparent: string;
}>;

/** What came of a try to send; `nothing_to_do` where the notification is no longer waiting to be sent. */
export type Sending = Readonly<{ outcome: 'sent'; reference: string }> | Readonly<{ outcome: 'nothing_to_do' }>;

/** How the delivery ended. */
export type Outcome = Sending | Readonly<{ outcome: 'failed'; code: string }>;

/**
 * A task queue of its own: while a mail server is slow, tries to send fill the places of its worker, and none that the
 * saga needs.
 */
export const taskQueue = 'notification';

export const workflowIdOf = (notificationId: string) => `notification-${notificationId}`;
