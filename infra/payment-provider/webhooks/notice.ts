/** What providers tell of. */
export type NoticeKind =
  | 'authorisation.succeeded'
  | 'authorisation.declined'
  | 'authorisation.voided'
  | 'capture.succeeded'
  | 'capture.refused'
  | 'refund.succeeded'
  | 'refund.failed'
  | 'refund.updated';

/** What a notice says, whichever provider it is from. */
export type ReceivedNotice = Readonly<{ noticeId: string; orderId: string; kind: string }>;
