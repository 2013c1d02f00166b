import { isPaymentToken, type PaymentToken } from './payment-methods.js';
import { RequestRefused } from './problems.js';

/** What a request asks the ledger to do. */
export type LedgerRequest =
  | Readonly<{ type: 'authorise'; orderId: string; amount: number; currency: string; method: PaymentToken }>
  | Readonly<{ type: 'capture'; charge: string; amount: number; currency?: string }>
  | Readonly<{ type: 'void'; charge: string }>
  | Readonly<{ type: 'void_by_key'; authoriseKey: string }>
  | Readonly<{ type: 'refund'; capture: string; amount: number; currency?: string }>;

/** @throws RequestRefused as all of these do, naming what is wrong. */
export const parseAuthorise = (body: unknown): LedgerRequest => {
  const { orderId, amount, currency, method } = fieldsOf(body);
  const name = textOf(method, 'method');
  if (!isPaymentToken(name)) throw new RequestRefused('unknown_method');
  return {
    type: 'authorise',
    orderId: textOf(orderId, 'orderId'),
    amount: amountOf(amount),
    currency: currencyOf(currency),
    method: name,
  };
};

/** The body's currency may be left out; where it is there, it must be the charge's. */
export const parseCapture = (charge: string, body: unknown): LedgerRequest => ({
  type: 'capture',
  charge,
  ...movementOf(body),
});

export const parseRefund = (capture: string, body: unknown): LedgerRequest => ({
  type: 'refund',
  capture,
  ...movementOf(body),
});

export const parseVoidByKey = (body: unknown): LedgerRequest => ({
  type: 'void_by_key',
  authoriseKey: textOf(fieldsOf(body)['key'], 'key'),
});

/** The value of the header `Idempotency-Key`. */
export const parseKey = (header: string | undefined): string => {
  if (header === undefined || header === '' || header.length > 255) throw new RequestRefused('idempotency_key_missing');
  return header;
};

const movementOf = (body: unknown) => {
  const { amount, currency } = fieldsOf(body);
  return { amount: amountOf(amount), ...(currency === undefined ? {} : { currency: currencyOf(currency) }) };
};

const fieldsOf = (body: unknown): Partial<Record<string, unknown>> => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestRefused('request_invalid', 'The body must be a JSON object');
  }
  return { ...body };
};

const textOf = (value: unknown, field: string): string => {
  if (typeof value !== 'string' || value === '' || value.length > 255) {
    throw new RequestRefused('request_invalid', `${field} must be a text of 1 to 255 characters`);
  }
  return value;
};

const amountOf = (value: unknown): number => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) {
    throw new RequestRefused('request_invalid', 'amount must be a positive integer, in minor units');
  }
  return value;
};

const currencyOf = (value: unknown): string => {
  if (typeof value !== 'string' || !/^[A-Z]{3}$/.test(value)) {
    throw new RequestRefused('request_invalid', 'currency must be an ISO 4217 code');
  }
  return value;
};
