import { once } from 'node:events';
import { pino } from 'pino';
import { v4 as randomId } from 'uuid';
import { DomainError, type ErrorCode } from '../../domains/shared/errors.js';
import type { Policy } from '../../domains/shared/policy.js';
import { facts } from '../command-handling/testing/process-of-tests.js';
import { tally } from '../command-handling/testing/tally.js';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createEventStore, type EventStore } from '../event-store/event-store.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { createPersonalKeys, type PersonalKeys } from '../security/personal-keys.js';
import { sealEvent } from '../security/sealing.js';
import type { CommandMessage } from '../service-bus/service-bus.js';
import { policyCommandId } from './policy-command-id.js';
import { runReactions } from './run-reactions.js';
import { sendingCommand } from './send-command.js';

const log = pino({ level: 'silent' });
let engines: EnginesForTests;
let eventStore: EventStore;
let postgres: Postgres;
let personalKeys: PersonalKeys;

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  personalKeys = createPersonalKeys({ postgres, masterKey: 'ab'.repeat(32) });
});

afterAll(async () => {
  await eventStore.dispose();
  await postgres.end();
  await engines.stop();
});

/** Appends one event `Added`, and gives its id. */
const happened = async (id: string, amount: number, note: string | null = null): Promise<string> => {
  const { at, commandId, correlationId, actor, traceparent } = facts();
  const data = { amount, by: id, note };
  const eventId = randomId();
  const schema = { version: 2, personal: { subject: 'by', fields: ['note'] } };
  const event = {
    id: eventId,
    type: 'Added',
    data: await sealEvent(personalKeys, { type: 'Added', data }, schema),
    metadata: {
      $correlationId: correlationId,
      $causationId: commandId,
      commandId,
      actor,
      at,
      traceparent,
      schemaVersion: 2,
    },
  };
  await eventStore.append(`tally-${id}`, [event], 'no_stream');
  return eventId;
};

/** A bus that notes what it is sent; `refuse` says what it throws, if anything. */
const notingBus = (refuse: (command: CommandMessage) => Error | undefined = () => undefined) => {
  const arrivals = new EventTarget();
  const sent: CommandMessage[] = [];
  return {
    sent,
    /** Resolves once so many commands have come. */
    until: async (count: number) => {
      while (sent.length < count) await once(arrivals, 'command');
    },
    bus: {
      send: (_context: string, command: CommandMessage) => {
        sent.push(command);
        arrivals.dispatchEvent(new Event('command'));
        const refusal = refuse(command);
        if (refusal) return Promise.reject(refusal);
        return Promise.resolve({ streamId: '', revision: 0, position: '0', category: '', touched: [], answer: null });
      },
      ask: () => Promise.reject(new Error('not asked')),
    },
  };
};

/** Only the events of one test's stream count, since all tests share a store. */
const policyOf = (id: string, over: Partial<Policy> = {}): Policy => ({
  name: `tallies/${id}`,
  category: 'tally',
  type: 'Added',
  after: 'at_once',
  command: ({ streamId, data }) =>
    streamId === `tally-${id}`
      ? { context: 'tallies', type: 'Praise', data: { amount: data['amount'], note: data['note'] } }
      : null,
  ...over,
});

const run = (policy: Policy, noting: ReturnType<typeof notingBus>, graceSeconds = 0) =>
  runAll([policy], noting, { graceSeconds });

/** Runs policies from one place, which is kept under the name of the first. */
const runAll = (
  policies: readonly Policy[],
  { bus }: ReturnType<typeof notingBus>,
  { graceSeconds = 0, log: told = log } = {},
) =>
  runReactions({
    name: policies[0]?.name ?? '',
    reactions: policies.map((policy) => sendingCommand(policy, { bus, aggregates: [tally], personalKeys, log: told })),
    graceSeconds,
    eventStore,
    postgres,
    log: told,
  });

/** How an event was parked, once it is. */
const parked = async (eventId: string): Promise<unknown> => {
  const { rows } = await postgres.query('select reaction, code from relay_parked where event_id = $1', [eventId]);
  return rows[0] ?? parked(eventId);
};

describe('a policy', () => {
  it('sends its command after its event, caused by it, in its trace', async () => {
    const id = randomId();
    const noting = notingBus();
    const running = run(policyOf(id), noting);
    const eventId = await happened(id, 3, 'a secret');
    await noting.until(1);
    await running.stop();
    const [command] = noting.sent;
    expect(command).toMatchObject({ type: 'Praise', data: { amount: 3, note: null }, causationId: eventId });
    expect(command).toMatchObject({ actor: `(tallies/${id})`, commandId: policyCommandId(`tallies/${id}`, eventId) });
  });

  it('sees personal fields where it opens them', async () => {
    const id = randomId();
    const noting = notingBus();
    const running = run(policyOf(id, { opensPersonal: true }), noting);
    await happened(id, 3, 'a secret');
    await noting.until(1);
    await running.stop();
    expect(noting.sent[0]).toMatchObject({ data: { note: 'a secret' } });
  });

  it('sends after a restart what came in between, under the same id', async () => {
    const id = randomId();
    const noting = notingBus();
    await run(policyOf(id), noting).stop();
    const eventId = await happened(id, 3);
    const running = run(policyOf(id, { key: () => 'one' }), noting);
    await noting.until(1);
    await running.stop();
    expect(noting.sent[0]?.commandId).toBe(policyCommandId(`tallies/${id}`, 'one'));
    expect(noting.sent[0]?.causationId).toBe(eventId);
  });

  it.each<[string, ErrorCode]>([
    ['while a part of the platform is away', 'service.unavailable'],
    ['while the other process does not take our token', 'auth.invalid_token'],
    ['while nobody is at the address', 'route.not_found'],
    ['while the other process is of an older version', 'command.unknown'],
  ])('tries again %s', async (_, code) => {
    const id = randomId();
    const noting = notingBus(() => (noting.sent.length < 3 ? new DomainError(code, '') : undefined));
    const otherwise: Policy['otherwise'] = () => ({ context: 'tallies', type: 'Apologise', data: {} });
    const running = run(policyOf(id, { otherwise }), noting);
    await happened(id, 3);
    await noting.until(3);
    await running.stop();
    expect(new Set(noting.sent.map(({ commandId }) => commandId)).size).toBe(1);
    expect(noting.sent).toHaveLength(3);
  });

  it('does something else where a rule refuses', async () => {
    const id = randomId();
    const noting = notingBus(({ type }) => (type === 'Praise' ? new DomainError('stock.too_large', '') : undefined));
    const otherwise: Policy['otherwise'] = (_, code) => ({ context: 'tallies', type: 'Apologise', data: { code } });
    const running = run(policyOf(id, { otherwise }), noting);
    const eventId = await happened(id, 3);
    await noting.until(2);
    await running.stop();
    expect(noting.sent[1]).toMatchObject({ type: 'Apologise', data: { code: 'stock.too_large' } });
    expect(noting.sent[1]?.commandId).toBe(policyCommandId(`tallies/${id}/otherwise`, eventId));
  });

  it('leaves for a person what fails by a fault of ours, and goes on', async () => {
    const [id, next] = [randomId(), randomId()];
    const noting = notingBus(({ data }) =>
      (data as { amount: number }).amount === 3 ? new Error('a fault') : undefined,
    );
    const both = {
      ...policyOf(id),
      command: ({ streamId, data }: { streamId: string; data: object }) =>
        [`tally-${id}`, `tally-${next}`].includes(streamId) ? { context: 'tallies', type: 'Praise', data } : null,
    };
    const running = run(both, noting);
    const eventId = await happened(id, 3);
    await noting.until(5);
    await happened(next, 4);
    await noting.until(6);
    await running.stop();
    const { rows } = await postgres.query('select code from relay_parked where event_id = $1', [eventId]);
    expect(rows).toEqual([{ code: 'internal.error' }]);
  });

  it('waits, where it is to, and does not keep a process from stopping', async () => {
    const id = randomId();
    const noting = notingBus();
    const eventId = await happened(id, 3);
    const waiting = run(policyOf(id, { after: 'grace' }), noting, 3_600);
    await waiting.stop();
    expect(noting.sent).toEqual([]);
    const running = run(policyOf(id, { after: 'grace' }), noting, 0);
    await noting.until(1);
    await running.stop();
    expect(noting.sent[0]?.causationId).toBe(eventId);
  });

  it('is not kept from its command by another policy that fails, which alone is left for a person, and told of once', async () => {
    const id = randomId();
    const noting = notingBus(({ type }) => (type === 'Fail' ? new Error('a fault') : undefined));
    const failing = policyOf(id, {
      name: `tallies/${id}/failing`,
      command: ({ streamId }) => (streamId === `tally-${id}` ? { context: 'tallies', type: 'Fail', data: {} } : null),
    });
    const errors: object[] = [];
    const told = pino({ level: 'error' }, { write: (line) => void errors.push(JSON.parse(line) as object) });
    const running = runAll([failing, policyOf(id)], noting, { log: told });
    const eventId = await happened(id, 3);
    await parked(eventId);
    await running.stop();
    expect(noting.sent.filter(({ type }) => type === 'Praise')).not.toEqual([]);
    expect(await parked(eventId)).toEqual({ reaction: failing.name, code: 'internal.error' });
    expect(errors).toMatchObject([{ eventId, reaction: failing.name, err: { message: 'a fault' } }]);
  });

  it('is not left for a person while another policy of its event waits for a part of the platform', async () => {
    const id = randomId();
    const timesOf = (wanted: string) => noting.sent.filter(({ type }) => type === wanted).length;
    const noting = notingBus(({ type }) => {
      if (type === 'Fail') return new Error('a fault');
      return timesOf('Praise') === 5 ? new DomainError('service.unavailable', '') : undefined;
    });
    const failing = policyOf(id, {
      name: `tallies/${id}/failing`,
      command: ({ streamId }) => (streamId === `tally-${id}` ? { context: 'tallies', type: 'Fail', data: {} } : null),
    });
    const running = runAll([failing, policyOf(id)], noting);
    const eventId = await happened(id, 3);
    expect(await parked(eventId)).toEqual({ reaction: failing.name, code: 'internal.error' });
    await running.stop();
    expect([timesOf('Fail'), timesOf('Praise')]).toEqual([6, 6]);
  });
});
