import { pino } from 'pino';
import { DomainError, type ErrorCode } from '../../domains/shared/errors.js';
import type { UserStatus } from '../../domains/users/commands.js';
import type { CommandMessage, ServiceBus } from '../../infra/service-bus/service-bus.js';
import { ensureFirstAccount } from './first-account.js';

const account = { email: 'admin@example.com', password: 'correct horse' };

/**
 * A platform whose bus refuses with each of the codes in turn, and then takes the command. The registration of the first
 * ids stands as `first` says; one that is refused as abandoned is so from then on.
 */
const platform = (...refusals: readonly ErrorCode[]) => platformWhere('none', ...refusals);
const platformWhere = (first: UserStatus, ...refusals: readonly ErrorCode[]) => {
  const left = [...refusals];
  const sent: CommandMessage[] = [];
  const statuses = new Map<string, string>();
  const statusOf = (userId: string) => {
    if (!statuses.has(userId)) statuses.set(userId, statuses.size === 0 ? first : 'none');
    return statuses.get(userId);
  };
  const kept = new Set<string>();
  const bus: ServiceBus = {
    send: (_context, command) => {
      sent.push(command);
      const { userId } = command.data as { userId: string };
      const code = left.shift();
      if (code === 'user.registration_abandoned') statuses.set(userId, 'abandoned');
      if (code !== undefined) return Promise.reject(new DomainError(code, ''));
      return Promise.resolve({ streamId: '', revision: 0, position: '0', category: 'user', touched: [], answer: null });
    },
    ask: (_context, question, data) =>
      Promise.resolve(
        question === 'statusOf'
          ? statusOf((data as { userId: string }).userId)
          : { holder: 'ada', claimId: 'ada', claimedAt: new Date().toISOString() },
      ),
  };
  const credentials = {
    keep: ({ userId }: { userId: string }) => {
      const isNew = !kept.has(userId);
      kept.add(userId);
      return Promise.resolve(isNew);
    },
    confirm: () => Promise.resolve(),
    drop: (userId: string) => Promise.resolve(void kept.delete(userId)),
  };
  const lookups = { emailHash: (email: string) => Promise.resolve(`hash of ${email}`) };
  const waits: number[] = [];
  const warnings: string[] = [];
  const log = pino({ level: 'warn', base: null }, { write: (line: string) => void warnings.push(line) });
  const wait = (ms: number) => Promise.resolve(waits.push(ms));
  return { sent, kept, waits, warnings, parts: { bus, graceSeconds: 60, credentials, lookups, log, wait } };
};

const run = ({ parts }: ReturnType<typeof platform>) =>
  ensureFirstAccount(parts, account, new AbortController().signal);

describe('the first account', () => {
  it('is an admin and staff', async () => {
    const one = platform();
    await run(one);
    expect(one.sent).toHaveLength(1);
    expect(one.sent[0]).toMatchObject({
      type: 'RegisterUser',
      data: { email: account.email, roles: ['admin', 'staff'] },
    });
    expect(one.kept.size).toBe(1);
  });

  it('has the same ids at every start', async () => {
    const [one, two] = [platform(), platform()];
    await run(one);
    await run(two);
    expect(two.sent[0]?.commandId).toBe(one.sent[0]?.commandId);
    expect([...two.kept]).toEqual([...one.kept]);
  });

  it('waits longer each time while the platform is not there', async () => {
    const away = platform('service.unavailable', 'service.unavailable', 'internal.error');
    await run(away);
    expect(away.waits).toEqual([250, 500, 1000]);
    expect(away.sent).toHaveLength(4);
  });

  it('leaves an account with its address as it is', async () => {
    const taken = platform('user.email_taken');
    await run(taken);
    expect(taken.sent).toHaveLength(1);
    expect(taken.kept.size).toBe(0);
  });

  it('is there already, as another process made it', async () => {
    const there = platform('user.already_registered');
    await run(there);
    expect(there.waits).toEqual([]);
    expect(there.kept.size).toBe(1);
  });

  it.each(['active', 'deactivated'] as const)('is there already, and %s', async (status) => {
    const there = platformWhere(status);
    await run(there);
    expect([there.sent, there.waits, there.warnings]).toEqual([[], [], []]);
  });

  it('is another where its registration was given up', async () => {
    const slow = platform('user.registration_abandoned');
    await run(slow);
    const [first, second] = slow.sent;
    expect(slow.sent).toHaveLength(2);
    expect(second?.commandId).not.toBe(first?.commandId);
    expect([...slow.kept]).toEqual([(second?.data as { userId: string }).userId]);
  });

  it('is the same other one at the next start', async () => {
    const slow = platform('user.registration_abandoned');
    await run(slow);
    const restarted = platformWhere('abandoned');
    await run(restarted);
    expect(restarted.sent).toHaveLength(1);
    expect(restarted.sent[0]?.commandId).toBe(slow.sent[1]?.commandId);
  });

  it('is not made again once it was erased, which is told', async () => {
    const erased = platformWhere('erased');
    await run(erased);
    expect([erased.sent.length, erased.kept.size]).toEqual([0, 0]);
    expect(erased.warnings.join()).toContain('ADMIN_EMAIL');
  });

  it('is given up when the process stops', async () => {
    const away = platform('service.unavailable', 'service.unavailable');
    const stopping = new AbortController();
    const wait = () => {
      stopping.abort();
      return Promise.reject(new Error('aborted'));
    };
    await ensureFirstAccount({ ...away.parts, wait }, account, stopping.signal);
    expect(away.sent).toHaveLength(1);
  });
});
