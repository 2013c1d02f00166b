import { add, type Money } from '../../domains/shared/money.js';
import type { PaymentEvent } from '../../domains/payments/events.js';
import { refundStatus, type PaymentStatus } from '../shared/payment-status.js';
import type { ProjectedEvent, Projection } from '../shared/projection.js';

type Attempt = Readonly<{
  method: string;
  outcome: 'requested' | 'authorised' | 'declined';
  /** When it came to that. */
  at: string;
}>;

/** The payment of one order. `authorised` is what the bank promised, also once that was given up. */
export type PaymentView = Readonly<{
  orderId: string;
  userId: string;
  status: PaymentStatus;
  /** That of the latest attempt. */
  method: string;
  authorised: Money;
  captured: Money;
  refunded: Money;
  attempts: readonly Attempt[];
}>;

/** The ledger of payments. */
export const payments: Projection<PaymentEvent, PaymentView> = {
  name: 'payments',
  version: 1,
  store: 'postgres',
  categories: ['payment'],
  key: ({ data }) => data.orderId,
  project: (event, row) => (event.type === 'AuthorisationRequested' ? requested(event, row) : row && after(event, row)),
};

const requested = (
  { data, at }: ProjectedEvent<Extract<PaymentEvent, { type: 'AuthorisationRequested' }>>,
  row: PaymentView | undefined,
): PaymentView => {
  const { orderId, userId, method, amount } = data;
  const nothing = { amount: 0, currency: amount.currency };
  const before = row ?? { authorised: nothing, captured: nothing, refunded: nothing, attempts: [] };
  const attempts = [...before.attempts, { method, outcome: 'requested', at } as const];
  return { ...before, orderId, userId, status: 'PENDING', method, attempts };
};

const after = (event: ProjectedEvent<PaymentEvent>, row: PaymentView): PaymentView => {
  switch (event.type) {
    case 'PaymentAuthorised': {
      const { attempt, amount } = event.data;
      const attempts = concluded(row, attempt, 'authorised', event.at);
      return { ...row, status: 'AUTHORISED', authorised: amount, attempts };
    }
    case 'PaymentDeclined':
      return { ...row, status: 'DECLINED', attempts: concluded(row, event.data.attempt, 'declined', event.at) };
    case 'PaymentCaptured':
      return { ...row, status: 'CAPTURED', captured: event.data.amount };
    case 'CaptureRefused':
      return { ...row, status: 'CAPTURE_REFUSED' };
    case 'PaymentVoided':
      return { ...row, status: 'VOIDED' };
    case 'PaymentRefunded': {
      const refunded = add(row.refunded, event.data.amount);
      return { ...row, status: refundStatus(row.captured, refunded), refunded };
    }
    // What the provider told takes effect through the events that it leads to.
    case 'ProviderNoticeRecorded':
    case 'AuthorisationRequested':
    case 'CaptureRequested':
    case 'VoidRequested':
    case 'RefundRequested':
    case 'RefundRefused':
      return row;
  }
};

/** Attempts are numbered from 1. */
const concluded = ({ attempts }: PaymentView, attempt: number, outcome: Attempt['outcome'], at: string) =>
  attempts.map((each, index) => (index === attempt - 1 ? { ...each, outcome, at } : each));
