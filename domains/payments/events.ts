import type { Message } from '../shared/decider.js';
import type { EventSchemas } from '../shared/event-schema.js';
import type { Money } from '../shared/money.js';

type Owned = { orderId: string; userId: string };

// These names and fields are the storage format: change one only with a new schema version and an upcaster.
export type PaymentEvent =
  | Message<'AuthorisationRequested', Owned & { attempt: number; amount: Money; method: string }>
  | Message<'PaymentAuthorised', Owned & { attempt: number; reference: string; amount: Money }>
  | Message<'PaymentDeclined', Owned & { attempt: number; code: string }>
  | Message<'CaptureRequested', Owned & { amount: Money }>
  | Message<'PaymentCaptured', Owned & { reference: string; amount: Money }>
  | Message<'CaptureRefused', Owned & { code: string }>
  | Message<'VoidRequested', Owned>
  | Message<'PaymentVoided', Owned>
  | Message<'RefundRequested', Owned & { refundId: string; amount: Money; reason: string }>
  | Message<'PaymentRefunded', Owned & { refundId: string; reference: string; amount: Money }>
  | Message<'RefundRefused', Owned & { refundId: string; code: string }>
  | Message<'ProviderNoticeRecorded', Owned & { noticeId: string; kind: string }>;

export const paymentEvents: EventSchemas<PaymentEvent> = {
  AuthorisationRequested: { version: 1 },
  PaymentAuthorised: { version: 1 },
  PaymentDeclined: { version: 1 },
  CaptureRequested: { version: 1 },
  PaymentCaptured: { version: 1 },
  CaptureRefused: { version: 1 },
  VoidRequested: { version: 1 },
  PaymentVoided: { version: 1 },
  RefundRequested: { version: 1 },
  PaymentRefunded: { version: 1 },
  RefundRefused: { version: 1 },
  ProviderNoticeRecorded: { version: 1 },
};
