import { givenFor } from '../shared/testing/given.js';
import type { NotificationEvent } from './events.js';
import { notification, type NotificationCommand } from './notification.js';

const given = givenFor(notification);

const owned = { notificationId: 'n1', userId: 'u1' };
const wanted = {
  ...owned,
  cause: 'e1',
  channel: 'sms',
  template: 'shipped',
  orderId: 'o1',
  facts: { carrier: 'DHL' },
} as const;

const request = (isReachable = true): NotificationCommand => ({
  type: 'RequestNotification',
  data: { ...wanted, isReachable },
});
const recordSent: NotificationCommand = {
  type: 'RecordNotificationSent',
  data: { notificationId: 'n1', reference: 'r1' },
};
const recordFailed: NotificationCommand = {
  type: 'RecordNotificationFailed',
  data: { notificationId: 'n1', code: 'smtp.550' },
};

const requested: NotificationEvent = { type: 'NotificationRequested', data: wanted };
const sent: NotificationEvent = { type: 'NotificationSent', data: { ...owned, reference: 'r1' } };
const failed: NotificationEvent = { type: 'NotificationFailed', data: { ...owned, code: 'smtp.550' } };

describe('a notification', () => {
  it('is requested', () => given().when(request()).thenEmits(requested));
  it('is not requested of a person without an address on the channel', () => given().when(request(false)).thenEmits());
  it('is requested once', () => given(requested).when(request()).thenEmits());
  it('is not requested again after it was sent', () => given(requested, sent).when(request()).thenEmits());
  it('is not requested again after it failed', () => given(requested, failed).when(request()).thenEmits());
});

describe('a notification that was sent', () => {
  it('is recorded', () => given(requested).when(recordSent).thenEmits(sent));
  it('ignores a repeat of its record', () => given(requested, sent).when(recordSent).thenEmits());
  it('must be requested first', () => given().when(recordSent).thenRejects('notification.not_found'));
  it('counts also after it was given up', () => given(requested, failed).when(recordSent).thenEmits(sent));
});

describe('a notification that failed', () => {
  it('is recorded', () => given(requested).when(recordFailed).thenEmits(failed));
  it('ignores a repeat of its record', () => given(requested, failed).when(recordFailed).thenEmits());
  it('must be requested first', () => given().when(recordFailed).thenRejects('notification.not_found'));
  it('is refused once it was sent', () =>
    given(requested, sent).when(recordFailed).thenRejects('notification.already_sent'));
});
