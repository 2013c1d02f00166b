import { randomUUID } from 'node:crypto';
import { notifications } from '../../domains/notifications/service.js';
import { SendingFailed } from '../../infra/notifications/notification-sender.js';
import { ada, startDeliveryWorld, type DeliveryWorld, type Wanted } from './testing/delivery-world.js';

let world: DeliveryWorld;

beforeAll(async () => {
  world = await startDeliveryWorld([notifications]);
});
afterEach(() => Object.assign(world.senders, { email: world.mailbox, sms: world.mailbox }));
afterAll(() => world.stop());

/** A person of their own for each test. */
const person = (facts: Partial<typeof ada> = {}): string => {
  const userId = randomUUID();
  world.people.set(userId, { ...ada, ...facts });
  return userId;
};

const requestedOf = async (wanted: Wanted) => {
  const notificationId = await world.requested(wanted);
  return { notificationId, ended: await world.ended(notificationId) };
};

describe('a notification', () => {
  it.each([
    ['email', ada.email],
    ['sms', ada.phone],
  ] as const)('goes to the person by %s, and is recorded as sent', async (channel, to) => {
    const userId = person();
    const { notificationId, ended } = await requestedOf({ userId, channel });
    expect(await world.mailbox.list(userId)).toMatchObject([{ id: notificationId, userId, channel, to }]);
    const data = { notificationId, userId, reference: notificationId };
    expect(ended).toMatchObject({ type: 'NotificationSent', data });
    expect(await world.delivery(notificationId).result()).toEqual({ outcome: 'sent', reference: notificationId });
  });

  it('speaks to the person by name, of the facts that it was requested with', async () => {
    const userId = person();
    await requestedOf({ userId, template: 'shipped', facts: { carrier: 'DHL', trackingNumber: 'T1' } });
    const [message] = await world.mailbox.list(userId);
    expect(message?.text).toMatch(/^Hello Ada Lovelace,\n\nYour order o1 .* DHL brings it as T1\./);
  });

  it('continues the correlation and the trace of its request', async () => {
    const { notificationId, ended } = await requestedOf({ userId: person() });
    const [requested] = await world.eventsOf(notificationId);
    const { $correlationId, traceparent } = requested?.metadata ?? {};
    expect(ended.metadata).toMatchObject({
      ...{ $correlationId, traceparent, $causationId: requested?.id, actor: '(notifications)' },
    });
  });

  it('is sent once for a cause and a channel', async () => {
    const [userId, cause] = [person(), randomUUID()];
    const { notificationId } = await requestedOf({ userId, cause });
    expect(await world.requested({ userId, cause })).toBe(notificationId);
    await requestedOf({ userId, cause, channel: 'sms' });
    expect(await world.mailbox.list(userId)).toHaveLength(2);
    expect(await typesOf(notificationId)).toEqual(['NotificationRequested', 'NotificationSent']);
  });

  it('is not requested of a person whom the channel does not reach', async () => {
    const notificationId = await world.requested({ userId: person({ phone: null }), channel: 'sms' });
    expect(await typesOf(notificationId)).toEqual([]);
  });

  it('that was sent is not sent again, also where Temporal has forgotten it', async () => {
    const userId = person();
    const { notificationId } = await requestedOf({ userId });
    world.senders.email = failing(new Error('sent again'));
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const origin = { notificationId, correlationId: randomUUID(), causationId: randomUUID(), traceparent };
    expect(await world.deliveredAgain(origin)).toEqual({ outcome: 'nothing_to_do' });
    expect(await typesOf(notificationId)).toEqual(['NotificationRequested', 'NotificationSent']);
  });
});

describe('a try that fails', () => {
  it('for the moment is followed by others, until the message goes out', async () => {
    const userId = person();
    let failures = 0;
    world.senders.email = {
      send: (message) => {
        failures += 1;
        return failures === 1 ? Promise.reject(new SendingFailed('smtp.451', false)) : world.mailbox.send(message);
      },
    };
    const { ended } = await requestedOf({ userId });
    expect(ended.type).toBe('NotificationSent');
    expect(failures).toBe(2);
    expect(await world.mailbox.list(userId)).toHaveLength(1);
  });

  it('for good is the last, and recorded with its code', async () => {
    let tries = 0;
    world.senders.email = {
      send: () => {
        tries += 1;
        return Promise.reject(new SendingFailed('smtp.550', true));
      },
    };
    const userId = person();
    const { notificationId, ended } = await requestedOf({ userId });
    expect(ended).toMatchObject({ type: 'NotificationFailed', data: { notificationId, userId, code: 'smtp.550' } });
    expect(await world.delivery(notificationId).result()).toEqual({ outcome: 'failed', code: 'smtp.550' });
    expect(tries).toBe(1);
  });

  it('is the last for a person who is no longer there', async () => {
    expect(await codeOfLost((userId) => world.people.delete(userId))).toBe('recipient.unknown');
  });

  it('is the last for a person who no longer has a phone', async () => {
    const losePhone = (userId: string) => world.people.set(userId, { ...ada, phone: null });
    expect(await codeOfLost(losePhone)).toBe('recipient.no_phone');
  });

  it('is the last when the delivery is cancelled', async () => {
    let tried: () => void = () => undefined;
    const underWay = new Promise<void>((resolve) => (tried = resolve));
    world.senders.email = {
      send: () => {
        tried();
        return Promise.reject(new SendingFailed('smtp.unreachable', false));
      },
    };
    const notificationId = await world.requested({ userId: person() });
    await underWay;
    await world.delivery(notificationId).cancel();
    expect((await world.ended(notificationId)).data).toMatchObject({ code: 'sending.cancelled' });
  });
});

it('leaves nothing personal in the history of its workflow', async () => {
  const said = `550 <${ada.email}> of ${ada.name}, ${ada.phone ?? ''} is unknown here`;
  let failures = 0;
  world.senders.email = {
    send: (message) => {
      failures += 1;
      return failures === 1 ? Promise.reject(new TypeError(said)) : world.mailbox.send(message);
    },
  };
  const { notificationId } = await requestedOf({ userId: person() });
  await world.delivery(notificationId).result();
  const { events } = await world.delivery(notificationId).fetchHistory();
  const history = (events ?? []).map((event) => JSON.stringify(event, readable)).join('\n');
  expect(history).toContain('TypeError');
  // It stands in what the workflow was given only.
  expect(history).toContain('causationId');
  for (const personal of [ada.email, ada.name, ada.phone]) expect(history).not.toContain(personal);
});

/** The code with which a delivery ends whose person changes between two tries. */
const codeOfLost = async (change: (userId: string) => unknown): Promise<unknown> => {
  const userId = person();
  world.senders.sms = {
    send: () => {
      change(userId);
      return Promise.reject(new SendingFailed('sms.503', false));
    },
  };
  return (await requestedOf({ userId, channel: 'sms' })).ended.data['code'];
};

const failing = (error: Error) => ({ send: () => Promise.reject(error) });

const typesOf = async (notificationId: string) => (await world.eventsOf(notificationId)).map(({ type }) => type);

/** What payloads hold is written in base64. */
const readable = (key: string, value: unknown): unknown =>
  key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value;
