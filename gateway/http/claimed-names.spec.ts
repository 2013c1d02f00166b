import { DomainError, type ErrorCode } from '../../domains/shared/errors.js';
import { message } from '../../infra/service-bus/testing/services.js';
import type { CommandMessage, Receipt, ServiceBus } from '../../infra/service-bus/service-bus.js';
import { emailName, sendClaiming } from './claimed-names.js';

const receipt: Receipt = { streamId: '', revision: 0, position: '0', category: 'user', touched: [], answer: null };

/** Sends a change of address over a bus that refuses it, and the settling of its claim where that is told. */
const refused = async (code: ErrorCode, over: Partial<CommandMessage>, settling?: ErrorCode) => {
  const sent: CommandMessage[] = [];
  const refusals = new Map([
    ['ChangeProfile', code],
    ['SettleEmailClaim', settling],
  ]);
  const bus: ServiceBus = {
    send: (_context, command) => {
      sent.push(command);
      const refusal = refusals.get(command.type);
      return refusal ? Promise.reject(new DomainError(refusal, '')) : Promise.resolve(receipt);
    },
    ask: () => Promise.resolve(null),
  };
  const change = message('ChangeProfile', { userId: 'ada' }, { commandId: 'change1', ...over });
  await expect(sendClaiming({ bus, graceSeconds: 60 }, emailName('b'), change)).rejects.toMatchObject({ code });
  return sent.filter(({ type }) => type === 'SettleEmailClaim').map(({ data }) => data);
};

describe('the claim of a change that was refused', () => {
  it.each(['command.conflict', 'user.not_found', 'user.change_abandoned'] as const)(
    'is given up after %s, since nobody can send the change again',
    async (code) => expect(await refused(code, { isNew: true })).toEqual([{ emailHash: 'b', claimId: 'change1' }]),
  );
  it('is kept for a repeat with the same key', async () =>
    expect(await refused('command.conflict', { requestHash: 'hash' })).toEqual([]));
  it.each(['service.unavailable', 'service.timeout', 'internal.error'] as const)(
    'is kept after %s: the change may have been made',
    async (code) => expect(await refused(code, { isNew: true })).toEqual([]),
  );
  it('was not made where the name is taken', async () =>
    expect(await refused('user.email_taken', { isNew: true })).toEqual([]));
  it('does not hide the refusal when it cannot be given up now', async () =>
    expect(await refused('command.conflict', { isNew: true }, 'service.unavailable')).toHaveLength(1));
});
