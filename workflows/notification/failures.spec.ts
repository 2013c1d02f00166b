import { DomainError } from '../../domains/shared/errors.js';
import { SendingFailed } from '../../infra/notifications/notification-sender.js';
import { withCode } from './failures.js';

const failing = (error: Error) => withCode(() => Promise.reject(error))(undefined);
const address = 'ada@example.org';

describe('the failure of an activity', () => {
  it('gives what the activity gives', async () =>
    expect(await withCode((input: number) => Promise.resolve(input + 1))(1)).toBe(2));
  it.each([true, false])('is tried no more when it is permanent: %s', async (isPermanent) =>
    expect(failing(new SendingFailed('smtp.550', isPermanent))).rejects.toMatchObject({
      type: 'smtp.550',
      nonRetryable: isPermanent,
    }),
  );
  it('has the code of a refusal and is left to the retry policy', async () =>
    expect(failing(new DomainError('service.unavailable', 'away'))).rejects.toMatchObject({
      type: 'service.unavailable',
      nonRetryable: false,
    }));
  it.each([new DomainError('command.invalid', address), new TypeError(address)])(
    'does not repeat what %s says',
    async (error) => {
      const failure = await failing(error).catch((thrown: unknown) => thrown as Error);
      expect([failure.message, failure.stack, failure.cause].join()).not.toContain(address);
    },
  );
});
