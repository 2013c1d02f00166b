import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { Decider, Message } from '../../../domains/shared/decider.js';
import type { Aggregate } from '../../../domains/shared/service.js';
import { createAggregates, type Aggregates } from '../../command-handling/aggregates.js';
import { createCommandHandler } from '../../command-handling/command-handler.js';
import { createSnapshots } from '../../command-handling/snapshots.js';
import { createEventStore } from '../../event-store/event-store.js';
import { createPostgres } from '../../postgres/postgres.js';
import { createPersonalKeys } from '../../security/personal-keys.js';
import { compare, inRounds, type Measurement } from '../rounds.js';

type Counted = Message<'Counted', { count: number; text: string }>;
type Count = Message<'Count', Record<string, never>>;

const decider: Decider<{ count: number }, Count, Counted> = {
  initial: { count: 0 },
  decide: (_command, { count }) => [{ type: 'Counted', data: { count: count + 1, text: 'x'.repeat(200) } }],
  evolve: (_state, { data }) => ({ count: data.count }),
};

const counter: Aggregate<{ count: number }, Count, Counted> = {
  category: 'counter',
  decider,
  events: { Counted: { version: 1 } },
  upcasters: {},
  snapshot: { version: 1 },
};

const rounds = 7;
const [long, short] = [10_000, 10];

/** How many commands a second a stream of 10,000 events takes, beside one of 10: known to the process, and not known. */
export const measureLongStreams = async (
  env: Readonly<Record<string, string>>,
  report: (line: string) => void,
): Promise<readonly Measurement[]> => {
  const eventStore = createEventStore(env['EVENTSTORE_URL'] ?? '');
  const postgres = createPostgres(env['POSTGRES_URL'] ?? '');
  const personalKeys = createPersonalKeys({ postgres, masterKey: 'ab'.repeat(32) });
  const snapshots = createSnapshots({ postgres, log: pino({ level: 'silent' }) });
  const aggregates = () => createAggregates({ eventStore, personalKeys, snapshots });

  const count = async (id: string, known: Aggregates) => {
    const { handle } = createCommandHandler({ eventStore, aggregates: known, personalKeys });
    await handle({ aggregate: counter, id, command: { type: 'Count', data: {} } }, facts());
  };

  const fill = async (events: number): Promise<string> => {
    const id = randomUUID();
    for (let first = 0; first < events; first += 500) {
      const batch = Array.from({ length: Math.min(500, events - first) }, (_, index) => counted(first + index + 1));
      await eventStore.append(`counter-${id}`, batch, first === 0 ? 'no_stream' : first - 1);
    }
    await aggregates().current(counter, id);
    while (events >= 200 && !(await snapshots.find(`counter-${id}`, 1))) report('waits for the snapshot');
    return id;
  };

  const known = async (id: string): Promise<number> => {
    const warm = aggregates();
    await warm.current(counter, id);
    return perSecond(500, () => count(id, warm));
  };
  const unknown = (id: string): Promise<number> => perSecond(20, () => count(id, aggregates()));

  try {
    for (const id of [await fill(short), await fill(long)]) {
      await known(id);
      await unknown(id);
    }
    report('a stream that is known');
    const warm = await inRounds(
      rounds,
      async () => ({ figure: await known(await fill(long)), ceiling: await known(await fill(short)) }),
      report,
    );
    report('a stream that is read from its snapshot');
    const cold = await inRounds(
      rounds,
      async () => ({ figure: await unknown(await fill(long)), ceiling: await unknown(await fill(short)) }),
      report,
    );
    return [
      compare('10,000 events, known, beside 10 events', warm, 1 / 1.2),
      compare('10,000 events, by snapshot, beside 10 events', cold, 1 / 1.2),
    ];
  } finally {
    await eventStore.dispose();
    await postgres.end();
  }
};

const perSecond = async (times: number, work: () => Promise<void>): Promise<number> => {
  const begun = performance.now();
  for (let done = 0; done < times; done += 1) await work();
  return times / ((performance.now() - begun) / 1000);
};

const facts = () => ({
  at: new Date().toISOString(),
  commandId: randomUUID(),
  correlationId: randomUUID(),
  actor: '(bench)',
  traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
});

const counted = (count: number) => {
  const { correlationId, commandId, ...rest } = facts();
  const metadata = { $correlationId: correlationId, $causationId: commandId, commandId, schemaVersion: 1, ...rest };
  return { id: randomUUID(), type: 'Counted', data: { count, text: 'x'.repeat(200) }, metadata };
};
