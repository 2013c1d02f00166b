import { DomainError, type ErrorCode } from '../../domains/shared/errors.js';
import { insisting, turningBack } from './refusals.js';

const refusing = (code: ErrorCode) => () => Promise.reject(new DomainError(code, 'Somebody said no to u1'));

describe('an activity of the way forward', () => {
  it('is not retried when a rule refuses it', () =>
    expect(turningBack(refusing('order.illegal_transition'))(null)).rejects.toMatchObject({
      type: 'order.illegal_transition',
      nonRetryable: true,
    }));

  it.each([
    'service.unavailable',
    'internal.error',
    'command.conflict',
    'auth.invalid_token',
    'command.unknown',
  ] as const)('is retried on %s, which says nothing of the order', (code) =>
    expect(turningBack(refusing(code))(null)).rejects.toMatchObject({ type: code, nonRetryable: false }),
  );

  it('is retried on whatever is no refusal, of which no words are kept', () =>
    expect(turningBack(() => Promise.reject(new TypeError('fetch of Ada failed')))(null)).rejects.toMatchObject({
      type: 'step_failed',
      nonRetryable: false,
      message: 'TypeError',
      cause: undefined,
    }));
});

describe('an activity that there is no way back from', () => {
  it('is retried even when a rule refuses it', () =>
    expect(insisting(refusing('stock.not_reserved'))(null)).rejects.toMatchObject({
      type: 'stock.not_reserved',
      nonRetryable: false,
    }));
});

it('keeps the words of a refusal out of the history', () =>
  expect(turningBack(refusing('order.not_found'))(null)).rejects.toMatchObject({
    message: 'No such order',
    cause: undefined,
  }));
