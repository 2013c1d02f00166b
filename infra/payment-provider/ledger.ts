import { randomUUID } from 'node:crypto';
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
  close: () => void;
}>;

/** Opens the ledger in a file, which is made with its folder where it is not there yet. */
export const openLedger = (path: string): Ledger => {
  const store = openLedgerStore(path);
  return {
    execute: (key, request) => store.atomically(() => executeOnce(store, key, request)),
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
    close: store.close,
  };
};

const executeOnce = (store: LedgerStore, key: string, asked: LedgerRequest) => {
  const request = JSON.stringify(asked);
  const stored = store.answerUnder(key);
  if (stored !== undefined) {
    const isSame = stored.request === null || stored.request === request;
    return { answer: isSame ? stored.answer : problemAnswer('key_reused'), isRepeat: true };
  }
  const answer = perform(store, key, asked);
  store.keepAnswer(key, { request, answer });
  return { answer, isRepeat: false };
};

const perform = (store: LedgerStore, key: string, request: LedgerRequest): Answer => {
  switch (request.type) {
    case 'authorise': {
      const { orderId, amount, currency, method } = request;
      const reference = `auth_${randomUUID()}`;
      const charge = authorise({ reference, orderId, amount, currency, method }, store.chargesOf(orderId));
      if ('refused' in charge) return problemAnswer(charge.refused);
      store.openCharge(key, charge);
      return created({ reference, status: 'authorised', amount, currency });
    }
    case 'capture': {
      const reference = `cap_${randomUUID()}`;
      const rule = (charge: Charge) => capture(charge, { ...request, reference });
      const success = created({ reference, status: 'captured', amount: request.amount });
      return change(store, store.charge(request.charge), rule, success);
    }
    case 'void':
      return change(store, store.charge(request.charge), voidCharge, voided(request.charge));
    case 'void_by_key':
      return voidByKey(store, key, request.authoriseKey);
    case 'refund': {
      const reference = `ref_${randomUUID()}`;
      const rule = (charge: Charge) => refund(charge, request.capture, { ...request, reference });
      const success = created({ reference, status: 'refunded', amount: request.amount });
      return change(store, store.chargeOfCapture(request.capture), rule, success);
    }
  }
};

/** Keeps what a rule makes of a charge and answers `success`, or what the rule has against it. */
const change = (
  store: LedgerStore,
  charge: Charge | undefined,
  rule: (charge: Charge) => Charge | Refusal,
  success: Answer,
): Answer => {
  if (charge === undefined) return problemAnswer('not_found');
  const changed = rule(charge);
  if ('refused' in changed) return problemAnswer(changed.refused);
  store.keepCharge(changed);
  return success;
};

const voidByKey = (store: LedgerStore, key: string, authoriseKey: string): Answer => {
  if (authoriseKey === key) return problemAnswer('key_reused');
  const charge = store.chargeOfKey(authoriseKey);
  if (charge !== undefined) return change(store, charge, voidCharge, voided(charge.reference));
  // A call that arrived and took no effect has its answer already, and keeps it.
  if (store.answerUnder(authoriseKey) === undefined) {
    store.keepAnswer(authoriseKey, { request: null, answer: problemAnswer('key_voided') });
  }
  return voided(null);
};

const voided = (reference: string | null): Answer => created({ reference, status: 'voided' });

const created = (body: Answer['body']): Answer => ({ status: 201, body });
