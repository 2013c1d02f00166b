/** What the simulated provider tells of. */
export type NoticeKind =
  | 'authorisation.succeeded'
  | 'authorisation.declined'
  | 'authorisation.voided'
  | 'capture.succeeded'
  | 'capture.refused'
  | 'refund.succeeded';

/** What the simulated provider posts: `reference` is that of what took effect, null where nothing did. */
export type Notice = Readonly<{
  id: string;
  kind: NoticeKind;
  orderId: string;
  reference: string | null;
  createdAt: string;
}>;

/** What a notice says, whichever provider it is from. */
export type ReceivedNotice = Readonly<{ noticeId: string; orderId: string; kind: string }>;
