import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '../event-store/event-store.js';
import type { NewEvent } from '../event-store/stored-event.js';
import type { Random } from '../event-store-server/faults/random.js';
import type { PersonalKeys } from '../security/personal-keys.js';
import { sealEvent } from '../security/sealing.js';
import { newTraceparent } from '../telemetry/tracing.js';
import { createTraffic, type Draft } from './projections-traffic.js';

/** Somebody who appends events of many streams, one after another, until stopped. */
export type Writer = Readonly<{
  written: () => number;
  /** Resolves once so many more are appended. @throws whatever an append failed with. */
  afterMore: (events: number) => Promise<void>;
  /** Ends it after the append under way. @throws as `afterMore` does. */
  stop: () => Promise<void>;
}>;

/** Between two appends there is a pause of up to so long: whoever keeps the views is to be able to follow. */
const longestPauseMs = 10;

export const startWriter = (
  { eventStore, keys }: Readonly<{ eventStore: EventStore; keys: PersonalKeys }>,
  random: Random,
): Writer => {
  const next = createTraffic(random);
  const revisions = new Map<string, number>();
  const waiting = new Set<Readonly<{ for: number; come: () => void }>>();
  let isStopping = false;
  let written = 0;

  const write = async () => {
    while (!isStopping) {
      const draft = next();
      const event = await eventOf(draft, keys);
      const { revision } = await eventStore.append(draft.stream, [event], revisions.get(draft.stream) ?? 'no_stream');
      revisions.set(draft.stream, revision);
      written += 1;
      for (const one of waiting) if (written >= one.for) one.come();
      await pause(random.between(0, longestPauseMs));
    }
  };
  const ended = write();
  // Whoever waits, or stops it, hears of a failure.
  ended.catch(() => undefined);

  return {
    written: () => written,
    afterMore: async (events) => {
      const reached = new Promise<void>((come) => waiting.add({ for: written + events, come }));
      await Promise.race([reached, ended]);
    },
    stop: async () => {
      isStopping = true;
      await ended;
    },
  };
};

const eventOf = async ({ type, data, version = 1, personal }: Draft, keys: PersonalKeys): Promise<NewEvent> => ({
  id: randomUUID(),
  type,
  data: personal ? await sealEvent(keys, { type, data }, { version, personal }) : data,
  metadata: {
    $correlationId: randomUUID(),
    $causationId: randomUUID(),
    commandId: randomUUID(),
    actor: '(soak)',
    at: new Date().toISOString(),
    schemaVersion: version,
    traceparent: newTraceparent(),
  },
});
