import type { CommandFacts } from '../shared/service.js';
import { notifications } from './service.js';

const facts: CommandFacts = {
  ...{ at: '2026-01-01T00:00:00.000Z', actor: 'u1', commandId: 'c1' },
  nameBasedId: (name, namespace) => `${name} in ${namespace}`,
};
const cause = '5f0d7f0e-6a3b-4a55-9d8e-2c1f5b7a9e34';
const data = { cause, channel: 'sms', template: 'shipped', userId: 'u1', orderId: 'o1', facts: { carrier: 'DHL' } };
const { commands, questions } = notifications;

const stepOf = (channel: string, channels: unknown) =>
  commands['RequestNotification']?.steps({ ...data, channel }, { channels }, facts)[0];

describe('a request', () => {
  it('goes to the stream that is named after its channel in its cause', () =>
    expect(stepOf('sms', { email: true, phone: true })).toMatchObject({
      id: `sms in ${cause}`,
      command: { data: { notificationId: `sms in ${cause}` } },
    }));

  it('asks users which channels reach the person', () =>
    expect(commands['RequestNotification']?.asks?.(data)).toEqual({
      channels: { context: 'users', question: 'channelsOf', data: { userId: 'u1' } },
    }));

  it.each([
    ['email', { email: true, phone: false }, true],
    ['email', { email: false, phone: true }, false],
    ['sms', { email: false, phone: true }, true],
    ['sms', { email: true, phone: false }, false],
  ])('by %s with the channels %j is for a person who can be reached: %s', (channel, channels, isReachable) =>
    expect(stepOf(channel, channels)).toMatchObject({ command: { data: { isReachable } } }),
  );

  it('takes what policies give', () => expect(commands['RequestNotification']?.parse(data)).toEqual(data));

  it.each([
    ['/cause', { ...data, cause: 'e1' }],
    ['/channel', { ...data, channel: 'pigeon' }],
    ['/facts', { ...data, facts: ['DHL'] }],
    ['/facts', { ...data, facts: null }],
    ['/facts', { ...data, facts: Object.fromEntries([...Array(21).keys()].map((name) => [`f${name}`, ''])) }],
    ['/facts/carrier', { ...data, facts: { carrier: 1 } }],
  ])('is refused with a wrong %s', (pointer, wrong) =>
    expect(() => commands['RequestNotification']?.parse(wrong) as unknown).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ pointer })] }) as Error,
    ),
  );
});

describe('the question for a notification', () => {
  it('is answered with all that its workflow needs', () => {
    const { cause: _cause, ...standing } = { ...data, outcome: 'requested' };
    expect(questions['notificationOf']?.answer([standing] as never, { notificationId: 'n1' })).toEqual(standing);
  });
  it('is answered with null where none was requested', () =>
    expect(questions['notificationOf']?.answer([{ outcome: 'none' }] as never, { notificationId: 'n1' })).toBeNull());
});
