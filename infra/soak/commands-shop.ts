import { randomUUID } from 'node:crypto';
import { isDomainError, type ErrorCode } from '../../domains/shared/errors.js';
import { createEventStore } from '../event-store/event-store.js';
import type { StreamEvent } from '../event-store/stored-event.js';
import { createLog } from '../logging/log.js';
import { createPostgres } from '../postgres/postgres.js';
import { breakerRules } from '../resilience/circuit-breaker.js';
import { createKeyring } from '../security/keyring.js';
import { createServiceTokens } from '../security/service-tokens.js';
import { createHttpServiceBus } from '../service-bus/http-service-bus.js';
import type { CommandMessage, Receipt } from '../service-bus/service-bus.js';
import { createDiscovery } from '../service-registry/create-discovery.js';
import { createServiceRegistry } from '../service-registry/registry.js';
import { newTraceparent } from '../telemetry/tracing.js';
import { startProcesses } from './commands-processes.js';

/** Products and their stock, in processes that share one event store and one PostgreSQL. */
export type Shop = Readonly<{
  processes: number;
  /**
   * Sends a command to one of the processes, by its number from 0, and again for as long as it is not decided on.
   *
   * @throws DomainError as a service bus does.
   */
  send: (process: number, context: string, command: CommandMessage) => Promise<Receipt>;
  /** The id of a new product with so many pieces. */
  newProduct: (pieces: number) => Promise<string>;
  /** All events of a product's stock, as they lie in the event store. */
  stockOf: (productId: string) => Promise<readonly StreamEvent[]>;
  close: () => Promise<void>;
}>;

export type ShopSettings = Readonly<{
  /** The built entry file of the domains. */
  entry: string;
  processes: number;
  /** The variables that lead to the event store and PostgreSQL. */
  engines: Readonly<Record<string, string>>;
}>;

/** Starts the processes, and a way to each of them. @throws Error when one of them does not start. */
export const openShop = async ({ entry, processes: count, engines }: ShopSettings): Promise<Shop> => {
  const processes = await startProcesses({
    entry,
    count,
    // Inventory asks the catalog whether there is such a product.
    contexts: ['catalog', 'inventory'],
    env: { ...engines, MASTER_KEY: masterKey },
  });
  const eventStore = createEventStore(engines['EVENTSTORE_URL'] ?? '');
  const postgres = createPostgres(engines['POSTGRES_URL'] ?? '');
  const log = createLog('soak', { LOG_LEVEL: 'error' });
  const registry = createServiceRegistry(postgres);
  const tokens = createServiceTokens({ keyring: createKeyring({ postgres, masterKey }), service: 'soak' });
  const buses = processes.urls.map((address) =>
    createHttpServiceBus({ discovery: createDiscovery({ address, registry, log }), tokens, log, patience, rules }),
  );

  const send: Shop['send'] = async (process, context, command) => {
    for (let sent = 1; ; sent += 1) {
      try {
        const bus = buses[process % buses.length];
        if (!bus) throw new Error('There are no processes');
        return await bus.send(context, command);
      } catch (error) {
        if (sent === mostSends || !isDomainError(error) || !undecided.includes(error.code)) throw error;
      }
    }
  };

  return {
    processes: count,
    send,
    newProduct: async (pieces) => {
      const product = { productId: randomUUID(), sku: randomUUID(), name: 'Mug', description: '', categories: [] };
      const { productId } = product;
      await send(0, 'catalog', newCommand('AddProduct', { ...product, price: { amount: 950, currency: 'EUR' } }));
      await send(0, 'inventory', newCommand('ReceiveStock', { productId, quantity: pieces, reference: null }));
      return productId;
    },
    stockOf: async (productId) => {
      const events: StreamEvent[] = [];
      for await (const event of eventStore.readStream(`stock-${productId}`)) events.push(event);
      return events;
    },
    close: async () => {
      await processes.stop();
      await eventStore.dispose();
      await postgres.end();
    },
  };
};

/** A command of now that nobody has sent. */
export const newCommand = (type: string, data: unknown): CommandMessage => ({
  type,
  data,
  at: new Date().toISOString(),
  commandId: randomUUID(),
  correlationId: randomUUID(),
  actor: '(soak)',
  traceparent: newTraceparent(),
});

const masterKey = 'ab'.repeat(32);

/** Hundreds of commands for one stream wait for each other. */
const patience = { timeoutMs: 120_000, deadlineMs: 240_000 };

/** A circuit that opens would refuse the rest of a burst untried, and what counts here is what the stream holds. */
const rules = { ...breakerRules, failures: Infinity };

/** Refusals after which nobody knows what became of a command, or that it came to nothing: its id lets it be sent again. */
const undecided: readonly ErrorCode[] = ['command.conflict', 'service.unavailable', 'service.timeout'];

/** So that a process that never decides is found out. */
const mostSends = 100;
