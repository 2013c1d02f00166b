import fc from 'fast-check';
import { play } from '../shared/testing/play.js';
import type { PaymentCommand } from './commands.js';
import type { PaymentEvent } from './events.js';
import { payment } from './payment.js';
import type { Payment } from './payment-state.js';

const orderId = 'o1';
const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** Few of everything, so that commands meet. */
const anAttempt = fc.integer({ min: 1, max: 3 });
const aReference = fc.constantFrom('a', 'b');
const aRefundId = fc.constantFrom('r1', 'r2', 'r3', 'r4');
const code = 'no';

const aRefundRequest = fc
  .tuple(aRefundId, fc.option(fc.integer({ min: 0, max: 9 })))
  .map(([refundId, amount]): PaymentCommand => ({
    type: 'RequestRefund',
    data: { orderId, refundId, amount: amount === null ? null : eur(amount), reason: 'test' },
  }));

const aCommand: fc.Arbitrary<PaymentCommand> = fc.oneof(
  fc
    .tuple(anAttempt, fc.integer({ min: 0, max: 20 }), fc.constantFrom('pm_ok', 'pm_slow'))
    .map(([attempt, amount, method]): PaymentCommand => ({
      type: 'RequestAuthorisation',
      data: { orderId, userId: 'u1', attempt, amount: eur(amount), method },
    })),
  fc.tuple(anAttempt, aReference).map(([attempt, reference]): PaymentCommand => ({
    type: 'RecordAuthorisation',
    data: { orderId, attempt, reference },
  })),
  anAttempt.map((attempt): PaymentCommand => ({ type: 'RecordDecline', data: { orderId, attempt, code } })),
  fc
    .constantFrom('RequestCapture', 'RequestVoid', 'RecordVoid')
    .map((type): PaymentCommand => ({ type, data: { orderId } })),
  aReference.map((reference): PaymentCommand => ({ type: 'RecordCapture', data: { orderId, reference } })),
  fc.constant<PaymentCommand>({ type: 'RecordCaptureRefusal', data: { orderId, code } }),
  { arbitrary: aRefundRequest, weight: 4 },
  fc
    .tuple(aRefundId, aReference)
    .map(([refundId, reference]): PaymentCommand => ({ type: 'RecordRefund', data: { orderId, refundId, reference } })),
  aRefundId.map((refundId): PaymentCommand => ({ type: 'RecordRefundRefusal', data: { orderId, refundId, code } })),
  fc.constantFrom('n1', 'n2').map((noticeId): PaymentCommand => ({
    type: 'RecordProviderNotice',
    data: { orderId, noticeId, kind: 'dispute' },
  })),
);

/** Random commands alone seldom come as far as a refund: half of the runs begin with a payment that was captured. */
const captured: readonly PaymentCommand[] = [
  {
    type: 'RequestAuthorisation',
    data: { orderId, userId: 'u1', attempt: 1, amount: eur(15), method: 'pm_ok' },
  },
  { type: 'RecordAuthorisation', data: { orderId, attempt: 1, reference: 'a' } },
  { type: 'RequestCapture', data: { orderId } },
  { type: 'RecordCapture', data: { orderId, reference: 'a' } },
];
const commands = fc
  .tuple(fc.constantFrom<readonly PaymentCommand[]>([], captured), fc.array(aCommand, { maxLength: 40, size: 'max' }))
  .map(([before, then]) => [...before, ...then]);

/** The property holds after every single command, not only at the end. */
const always = (holds: (state: Payment, events: readonly PaymentEvent[]) => void) =>
  fc.assert(
    fc.property(commands, (given) => {
      let played = play(payment, []);
      for (const command of given) {
        played = play(payment, [command], played);
        holds(played.state, played.events);
      }
    }),
    { numRuns: 300, includeErrorInReport: true },
  );

const eventsOf = <Type extends PaymentEvent['type']>(events: readonly PaymentEvent[], wanted: Type) =>
  events.filter((event): event is Extract<PaymentEvent, { type: Type }> => event.type === wanted);

const sumOf = (events: readonly Readonly<{ data: Readonly<{ amount: Readonly<{ amount: number }> }> }>[]) =>
  events.reduce((sum, { data }) => sum + data.amount.amount, 0);

const count = (events: readonly PaymentEvent[], ...types: readonly PaymentEvent['type'][]) =>
  events.filter(({ type }) => types.includes(type)).length;

describe('after any commands', () => {
  it('no more is captured, or asked for, than was authorised', () =>
    always((_state, events) => {
      const authorised = sumOf(eventsOf(events, 'PaymentAuthorised'));
      expect(sumOf(eventsOf(events, 'CaptureRequested'))).toBeLessThanOrEqual(authorised);
      expect(sumOf(eventsOf(events, 'PaymentCaptured'))).toBeLessThanOrEqual(authorised);
    }));

  it('no more is refunded, or may yet be, than was captured', () =>
    always((_state, events) => {
      const refused = new Set(eventsOf(events, 'RefundRefused').map(({ data }) => data.refundId));
      const counted = eventsOf(events, 'RefundRequested').filter(({ data }) => !refused.has(data.refundId));
      const captured = sumOf(eventsOf(events, 'PaymentCaptured'));
      expect(sumOf(counted)).toBeLessThanOrEqual(captured);
      expect(sumOf(eventsOf(events, 'PaymentRefunded'))).toBeLessThanOrEqual(captured);
    }));

  it('at most one authorisation is open, and a new one begins only after a decline', () =>
    always((_state, events) => {
      const begun = count(events, 'AuthorisationRequested');
      expect(begun - count(events, 'PaymentDeclined')).toBeLessThanOrEqual(1);
      expect(count(events, 'PaymentAuthorised')).toBeLessThanOrEqual(1);
    }));

  it('at most one capture is made, and not beside a void', () =>
    always((_state, events) => {
      expect(count(events, 'CaptureRequested')).toBeLessThanOrEqual(1);
      expect(count(events, 'PaymentCaptured', 'VoidRequested')).toBeLessThanOrEqual(1);
    }));

  it('every outcome was asked for, and there is one of each', () =>
    always((_state, events) => {
      const brackets = [
        ['AuthorisationRequested', 'PaymentAuthorised', 'PaymentDeclined'],
        ['CaptureRequested', 'PaymentCaptured', 'CaptureRefused'],
        ['VoidRequested', 'PaymentVoided'],
        ['RefundRequested', 'PaymentRefunded', 'RefundRefused'],
      ] as const;
      for (const [asked, ...outcomes] of brackets)
        expect(count(events, ...outcomes)).toBeLessThanOrEqual(count(events, asked));
      const refunds = [...eventsOf(events, 'PaymentRefunded'), ...eventsOf(events, 'RefundRefused')];
      const ids = refunds.map(({ data }) => data.refundId);
      expect(ids).toHaveLength(new Set(ids).size);
    }));

  it('no notice is recorded twice', () =>
    always((_state, events) => {
      const ids = eventsOf(events, 'ProviderNoticeRecorded').map(({ data }) => data.noticeId);
      expect(ids).toHaveLength(new Set(ids).size);
    }));

  it('the events alone give the same state', () =>
    always((state, events) => expect(events.reduce(payment.evolve, payment.initial)).toEqual(state)));

  it('the state is as it was after JSON has carried it', () =>
    always((state) => expect(JSON.parse(JSON.stringify(state))).toEqual(state)));

  it('a command that comes at once again changes nothing', () =>
    fc.assert(
      fc.property(commands, aCommand, (before, command) => {
        const first = play(payment, [...before, command]);
        expect(play(payment, [command], first).events).toEqual(first.events);
      }),
      { numRuns: 300, includeErrorInReport: true },
    ));
});
