import type { CommandFacts } from '../shared/service.js';
import { payment } from './payment.js';
import { payments } from './service.js';
import { amount, authorised, orderId, requested } from './testing/examples.js';

const { commands } = payments;
const facts: CommandFacts = {
  ...{ at: '2026-01-01T00:00:00.000Z', actor: '(saga)', commandId: 'c1' },
  nameBasedId: (name) => name,
};
const refund = { refundId: 'r1', reason: 'damaged' };

/** What each command says beside the order. */
const examples: readonly [string, object][] = [
  ['RequestAuthorisation', { userId: 'u1', attempt: 1, amount, method: 'pm_ok' }],
  ['RecordAuthorisation', { attempt: 1, reference: 'auth1' }],
  ['RecordDecline', { attempt: 1, code: 'card_declined' }],
  ['RequestCapture', {}],
  ['RecordCapture', { reference: 'cap1' }],
  ['RecordCaptureRefusal', { code: 'capture_refused' }],
  ['RequestVoid', {}],
  ['RecordVoid', {}],
  ['RequestRefund', { ...refund, amount }],
  ['RecordRefund', { refundId: 'r1', reference: 'ref1' }],
  ['RecordRefundRefusal', { refundId: 'r1', code: 'no' }],
  ['RecordProviderNotice', { noticeId: 'n1', kind: 'dispute' }],
];

const parsed = (type: string, data: object) => commands[type]?.parse(data) as object;
const stepsOf = (type: string, data: object) => commands[type]?.steps(parsed(type, data), {}, facts);

it('every command is tried here', () => expect(Object.keys(commands)).toEqual(examples.map(([type]) => type)));

describe.each(examples)('%s', (type, rest) => {
  const data = { orderId, ...rest };

  it('goes to the payment of its order, with what is known here and nothing else', () => {
    const [step, ...more] = stepsOf(type, { ...data, card: '4111' }) ?? [];
    expect(step).toMatchObject({ aggregate: { category: 'payment' }, id: orderId });
    expect(step?.command).toEqual({ type, data });
    expect(more).toEqual([]);
  });
  it.each(Object.keys(data).map((name) => [name]))('is refused with a wrong %s', (name) =>
    expect(() => parsed(type, { ...data, [name]: {} })).toThrow(
      expect.objectContaining({
        code: 'command.invalid',
        errors: expect.arrayContaining([
          expect.objectContaining({ pointer: expect.stringMatching(`^/${name}`) as string }),
        ]) as unknown,
      }) as Error,
    ),
  );
  it('answers with where the payment stands', () => {
    const state = [requested, authorised].reduce(payment.evolve, payment.initial);
    expect(commands[type]?.answer?.(state as never, data)).toEqual({
      authorisation: { attempt: 1, reference: 'auth1', outcome: 'authorised' },
      capture: null,
      captured: null,
      refunds: [],
    });
  });
});

describe('the data of a command', () => {
  it.each([0, 1.5, 1_001])('names no attempt %d', (attempt) =>
    expect(() => parsed('RecordDecline', { orderId, attempt, code: 'no' })).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/attempt' })] }) as Error,
    ),
  );
  it('may leave out how much is refunded', () =>
    expect(parsed('RequestRefund', { orderId, ...refund })).toEqual({ orderId, ...refund, amount: null }));
});
