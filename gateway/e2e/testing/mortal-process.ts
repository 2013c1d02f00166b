import { pino } from 'pino';
import { contexts, everyAggregate } from '../../../domains/contexts.js';
import { createEventStore } from '../../../infra/event-store/event-store.js';
import { runPolicies } from '../../../infra/policies/run-policies.js';
import type { Postgres } from '../../../infra/postgres/postgres.js';
import { createCredentials, type Credentials } from '../../../infra/security/credentials.js';
import { createErasure, type Erasure } from '../../../infra/security/personal-data.js';
import { createPersonalKeys } from '../../../infra/security/personal-keys.js';
import { platformReactions } from '../../../infra/security/platform-reactions.js';
import { createRefreshTokens } from '../../../infra/security/refresh-tokens.js';
import { createLocalServiceBus } from '../../../infra/service-bus/local-service-bus.js';
import type { ServiceBus } from '../../../infra/service-bus/service-bus.js';

/** The write side as one process has it. */
export type MortalProcess = Readonly<{
  bus: ServiceBus;
  credentials: Credentials;
  erasure: Erasure;
  /** Resolves once it has died. */
  died: Promise<void>;
  /** Lets one that died do what it was about to, as one that was only paused does when it goes on. */
  wake: () => void;
  dispose: () => Promise<void>;
}>;

export type MortalOptions = Readonly<{ mostAppends?: number; sweeps?: boolean }>;

/**
 * Starts one that dies once it has made `mostAppends` appends: the next never leaves, and nothing after it happens.
 * With `sweeps` it runs the policies of all contexts, and waits for nobody.
 */
export const startMortalProcess = (
  { url, postgres }: Readonly<{ url: string; postgres: Postgres }>,
  { mostAppends = Infinity, sweeps = false }: MortalOptions = {},
): MortalProcess => {
  const store = createEventStore(url);
  let made = 0;
  let tellDead: () => void = () => undefined;
  let wake: () => void = () => undefined;
  const died = new Promise<void>((resolve) => (tellDead = resolve));
  const woken = new Promise<void>((resolve) => (wake = resolve));
  const eventStore = {
    ...store,
    append: async (...given: Parameters<typeof store.append>) => {
      made += 1;
      if (made > mostAppends) {
        tellDead();
        await woken;
      }
      return store.append(...given);
    },
  };
  const log = pino({ level: 'silent' });
  const personalKeys = createPersonalKeys({ postgres, masterKey: 'ab'.repeat(32) });
  const bus = createLocalServiceBus({ services: contexts, eventStore, personalKeys });
  const credentials = createCredentials(postgres);
  const refreshTokens = createRefreshTokens(postgres);
  const erasure = createErasure({ personalKeys, credentials, refreshTokens, stores: [] });
  const policies = sweeps
    ? runPolicies({
        services: contexts,
        reactions: platformReactions({ bus, erasure, credentials, refreshTokens, graceSeconds: 0 }),
        aggregates: everyAggregate,
        graceSeconds: 0,
        ...{ bus, personalKeys, eventStore, postgres, log },
      })
    : undefined;
  return {
    bus,
    credentials,
    erasure,
    died,
    wake,
    dispose: async () => {
      await policies?.stop();
      await store.dispose();
    },
  };
};
