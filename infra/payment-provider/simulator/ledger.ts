import { randomUUID } from 'node:crypto';
import type { NoticeKind } from '../webhooks/notice.js';
import {
  authorise,
  capture,
  refund,
  totalsByOrder,
  totalsOf,
  voidCharge,
  type Charge,
  type Refusal,
  type Totals,
} from './ledger-rules.js';
import { openLedgerStore, type LedgerStore } from './ledger-store.js';
import { problemAnswer, type Answer } from './problems.js';
import type { LedgerRequest } from './requests.js';
import type { NoticeStore } from './webhooks/notice-store.js';

/** The provider's books. What it has answered is on disk before anybody hears of it. */
export type Ledger = Readonly<{
  /**
   * Does what is asked, once per key. `isRepeat` says that the answer was made earlier; the same key with another
   * request is answered with `key_reused`.
   */
  execute: (key: string, request: LedgerRequest) => Readonly<{ answer: Answer; isRepeat: boolean }>;
  /** Counts a call that is to fail: true for the first `times` calls with a key that has no answer yet. */
  failsAgain: (key: string, times: number) => boolean;
  orderTotals: (orderId: string) => Totals & Readonly<{ charges: readonly Charge[] }>;
  allTotals: () => (Totals & Readonly<{ orderId: string }>)[];
  /** What is to be told of what was done. */
  notices: NoticeStore;
  close: () => void;
}>;

/**
 * Opens the ledger in a file, which is made with its folder where it is not there yet. With `keepsNotices` every effect
 * leaves a notice in the same transaction, for somebody to deliver.
 */
export const openLedger = (path: string, { keepsNotices = false } = {}): Ledger => {
  const store = openLedgerStore(path);
  const tell: Tell = (kind, orderId, reference) => {
    if (!keepsNotices) return;
    store.notices.keep({ id: `ntc_${randomUUID()}`, kind, orderId, reference, createdAt: new Date().toISOString() });
  };
  return {
    execute: (key, request) => store.atomically(() => executeOnce({ store, tell }, key, request)),
    failsAgain: (key, times) => {
      if (store.answerUnder(key) !== undefined || store.failuresOf(key) >= times) return false;
      store.countFailure(key);
      return true;
    },
    orderTotals: (orderId) => {
      const charges = store.chargesOf(orderId);
      return { ...totalsOf(charges), charges };
    },
    allTotals: () => totalsByOrder(store.charges()),
    notices: store.notices,
    close: store.close,
  };
};

type Tell = (kind: NoticeKind, orderId: string, reference: string | null) => void;
type Books = Readonly<{ store: LedgerStore; tell: Tell }>;

const executeOnce = (books: Books, key: string, asked: LedgerRequest) => {
  const { store } = books;
  const request = JSON.stringify(asked);
  const stored = store.answerUnder(key);
  if (stored !== undefined) {
    const isSame = stored.request === null || stored.request === request;
    return { answer: isSame ? stored.answer : problemAnswer('key_reused'), isRepeat: true };
  }
  const answer = perform(books, key, asked);
  store.keepAnswer(key, { request, answer });
  return { answer, isRepeat: false };
};

const perform = (books: Books, key: string, request: LedgerRequest): Answer => {
  const { store } = books;
  switch (request.type) {
    case 'authorise':
      return openCharge(books, key, request);
    case 'capture': {
      const reference = `cap_${randomUUID()}`;
      return change(books, store.charge(request.charge), {
        rule: (charge) => capture(charge, { ...request, reference }),
        success: created({ reference, status: 'captured', amount: request.amount }),
        notice: { kind: 'capture.succeeded', reference },
      });
    }
    case 'void':
      return voidIt(books, store.charge(request.charge));
    case 'void_by_key':
      return voidByKey(books, key, request.authoriseKey);
    case 'refund': {
      const reference = `ref_${randomUUID()}`;
      return change(books, store.chargeOfCapture(request.capture), {
        rule: (charge) => refund(charge, request.capture, { ...request, reference }),
        success: created({ reference, status: 'refunded', amount: request.amount }),
        notice: { kind: 'refund.succeeded', reference },
      });
    }
  }
};

const openCharge = ({ store, tell }: Books, key: string, request: LedgerRequest & { type: 'authorise' }): Answer => {
  const { orderId, amount, currency, method } = request;
  const reference = `auth_${randomUUID()}`;
  const charge = authorise({ reference, orderId, amount, currency, method }, store.chargesOf(orderId));
  if ('refused' in charge) {
    const answer = problemAnswer(charge.refused);
    if (answer.status === 402) tell('authorisation.declined', orderId, null);
    return answer;
  }
  store.openCharge(key, charge);
  tell('authorisation.succeeded', orderId, reference);
  return created({ reference, status: 'authorised', amount, currency });
};

type Change = Readonly<{
  rule: (charge: Charge) => Charge | Refusal;
  success: Answer;
  notice: Readonly<{ kind: NoticeKind; reference: string }>;
}>;

/** Keeps what a rule makes of a charge and answers `success`, or what the rule has against it. */
const change = ({ store, tell }: Books, charge: Charge | undefined, { rule, success, notice }: Change): Answer => {
  if (charge === undefined) return problemAnswer('not_found');
  const changed = rule(charge);
  if ('refused' in changed) {
    if (changed.refused === 'capture_refused') tell('capture.refused', charge.orderId, null);
    return problemAnswer(changed.refused);
  }
  store.keepCharge(changed);
  tell(notice.kind, charge.orderId, notice.reference);
  return success;
};

const voidIt = (books: Books, charge: Charge | undefined): Answer => {
  if (charge === undefined) return problemAnswer('not_found');
  const { reference } = charge;
  // It would change nothing: there is nothing to tell.
  if (charge.voided) return voided(reference);
  const notice = { kind: 'authorisation.voided', reference } as const;
  return change(books, charge, { rule: voidCharge, success: voided(reference), notice });
};

const voidByKey = (books: Books, key: string, authoriseKey: string): Answer => {
  if (authoriseKey === key) return problemAnswer('key_reused');
  const { store } = books;
  const charge = store.chargeOfKey(authoriseKey);
  if (charge !== undefined) return voidIt(books, charge);
  // A call that arrived and took no effect has its answer already, and keeps it.
  if (store.answerUnder(authoriseKey) === undefined) {
    store.keepAnswer(authoriseKey, { request: null, answer: problemAnswer('key_voided') });
  }
  return voided(null);
};

const voided = (reference: string | null): Answer => created({ reference, status: 'voided' });

const created = (body: Answer['body']): Answer => ({ status: 201, body });
