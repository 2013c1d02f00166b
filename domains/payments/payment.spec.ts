import { givenFor } from '../shared/testing/given.js';
import type { PaymentEvent } from './events.js';
import { payment } from './payment.js';
import {
  orderId,
  owned,
  amount,
  eur,
  authorise,
  recordAuthorisation,
  recordDecline,
  capture,
  recordCapture,
  recordRefusal,
  requestVoid,
  recordVoid,
  refund,
  recordRefund,
  recordRefundRefusal,
  notice,
  requested,
  authorised,
  declined,
  captureRequested,
  captured,
  captureRefused,
  voidRequested,
  voided,
  taken,
} from './testing/examples.js';

const given = givenFor(payment);

describe('an authorisation', () => {
  it('is requested before the provider is called', () => given().when(authorise()).thenEmits(requested));
  it.each<[string, PaymentEvent[]]>([
    ['asked for', []],
    ['made', [authorised]],
    ['declined', [declined]],
  ])('ignores a repeat of the request once it is %s', (_case, since) =>
    given(requested, ...since)
      .when(authorise())
      .thenEmits(),
  );
  it('is recorded', () => given(requested).when(recordAuthorisation).thenEmits(authorised));
  it('ignores a repeat of its record', () => given(requested, authorised).when(recordAuthorisation).thenEmits());
  it('is declined', () => given(requested).when(recordDecline).thenEmits(declined));
  it('ignores a repeat of its decline', () => given(requested, declined).when(recordDecline).thenEmits());
  it('is not made once declined', () =>
    given(requested, declined).when(recordAuthorisation).thenRejects('payment.illegal_transition'));
  it('is not recorded under another reference', () =>
    given(requested, authorised)
      .when({ type: 'RecordAuthorisation', data: { orderId, attempt: 1, reference: 'auth2' } })
      .thenRejects('payment.illegal_transition'));
  it.each([recordAuthorisation, recordDecline])('takes no answer to another attempt: $type', (answer) => {
    const second: PaymentEvent = {
      type: 'AuthorisationRequested',
      data: { ...owned, attempt: 2, amount, method: 'pm' },
    };
    given(requested, declined, second).when(answer).thenRejects('payment.illegal_transition');
  });
  it('begins with the first attempt', () => given().when(authorise(2)).thenRejects('payment.illegal_transition'));
  it('is not asked for again with another method under the same attempt', () =>
    given(requested).when(authorise(1, 'pm_slow')).thenRejects('payment.illegal_transition'));
  it('is not asked for again with another amount under the same attempt', () =>
    given(requested)
      .when({ type: 'RequestAuthorisation', data: { ...owned, attempt: 1, amount: eur(901), method: 'pm_ok' } })
      .thenRejects('payment.illegal_transition'));
  it('leaves the next attempt to whoever counts: none is passed over', () =>
    given(requested, declined).when(authorise(3)).thenRejects('payment.illegal_transition'));
  it('is not declined once made', () =>
    given(requested, authorised).when(recordDecline).thenRejects('payment.illegal_transition'));
  it('is tried again with another method after a decline', () =>
    given(requested, declined)
      .when(authorise(2, 'pm_slow'))
      .thenEmits({ type: 'AuthorisationRequested', data: { ...owned, attempt: 2, amount, method: 'pm_slow' } }));
  it.each<[string, PaymentEvent[]]>([
    ['may still succeed', []],
    ['stands', [authorised]],
    ['is being voided', [authorised, voidRequested]],
    ['was voided', [authorised, voidRequested, voided]],
  ])('is not tried again while the one before %s', (_case, since) =>
    given(requested, ...since)
      .when(authorise(2))
      .thenRejects('payment.illegal_transition'),
  );
});

it.each([
  recordAuthorisation,
  recordDecline,
  capture,
  recordCapture,
  recordRefusal,
  requestVoid,
  recordVoid,
  refund('r1', 1),
  recordRefund,
  recordRefundRefusal,
  notice('n1'),
])('nothing is known of a payment that nobody began: $type', (command) =>
  given().when(command).thenRejects('payment.not_found'),
);

describe('a capture', () => {
  it('takes what was authorised', () => given(requested, authorised).when(capture).thenEmits(captureRequested));
  it('needs an authorisation', () => given(requested).when(capture).thenRejects('payment.illegal_transition'));
  it('ignores a repeat of the request', () => given(requested, authorised, captureRequested).when(capture).thenEmits());
  it('is recorded', () => given(requested, authorised, captureRequested).when(recordCapture).thenEmits(captured));
  it('ignores a repeat of its record', () =>
    given(...taken)
      .when(recordCapture)
      .thenEmits());
  it('is refused', () => given(requested, authorised, captureRequested).when(recordRefusal).thenEmits(captureRefused));
  it('ignores a repeat of its refusal', () =>
    given(requested, authorised, captureRequested, captureRefused).when(recordRefusal).thenEmits());
  it('is not refused once made', () =>
    given(...taken)
      .when(recordRefusal)
      .thenRejects('payment.illegal_transition'));
  it('is not made once refused', () =>
    given(requested, authorised, captureRequested, captureRefused)
      .when(recordCapture)
      .thenRejects('payment.illegal_transition'));
  it('ignores a repeat of the request once it is made', () =>
    given(...taken)
      .when(capture)
      .thenEmits());
  it('is not asked for again once refused', () =>
    given(requested, authorised, captureRequested, captureRefused)
      .when(capture)
      .thenRejects('payment.illegal_transition'));
  it.each([recordCapture, recordRefusal])('must be requested first: $type', (record) =>
    given(requested, authorised).when(record).thenRejects('payment.illegal_transition'),
  );
  it('is not recorded under another reference', () =>
    given(...taken)
      .when({ type: 'RecordCapture', data: { orderId, reference: 'cap2' } })
      .thenRejects('payment.illegal_transition'));
  it.each<[string, PaymentEvent[]]>([
    ['is being voided', [voidRequested]],
    ['was voided', [voidRequested, voided]],
    ['is being voided after a refused capture', [captureRequested, captureRefused, voidRequested]],
    ['was voided after a refused capture', [captureRequested, captureRefused, voidRequested, voided]],
  ])('is not made of an authorisation that %s', (_case, since) =>
    given(requested, authorised, ...since)
      .when(capture)
      .thenRejects('payment.illegal_transition'),
  );
});

describe('a void', () => {
  it('is requested', () => given(requested, authorised).when(requestVoid).thenEmits(voidRequested));
  it('is recorded', () => given(requested, authorised, voidRequested).when(recordVoid).thenEmits(voided));
  it('ignores a repeat of the request', () =>
    given(requested, authorised, voidRequested).when(requestVoid).thenEmits());
  it('ignores a repeat of the request once it is made', () =>
    given(requested, authorised, voidRequested, voided).when(requestVoid).thenEmits());
  it('ignores a repeat of its record', () =>
    given(requested, authorised, voidRequested, voided).when(recordVoid).thenEmits());
  it('must be requested first', () =>
    given(requested, authorised).when(recordVoid).thenRejects('payment.illegal_transition'));
  it('does not overtake a capture whose outcome is not known', () =>
    given(requested, authorised, captureRequested).when(requestVoid).thenRejects('payment.illegal_transition'));
  it('follows a refused capture', () =>
    given(requested, authorised, captureRequested, captureRefused).when(requestVoid).thenEmits(voidRequested));
  it('has nothing to do after a decline', () => given(requested, declined).when(requestVoid).thenEmits());
  it('does not follow a capture', () =>
    given(...taken)
      .when(requestVoid)
      .thenRejects('payment.illegal_transition'));
  it('waits until the outcome of the authorisation is known', () =>
    given(requested).when(requestVoid).thenRejects('payment.illegal_transition'));
});
