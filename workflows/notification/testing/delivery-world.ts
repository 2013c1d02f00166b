import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { Channel, Facts } from '../../../domains/notifications/events.js';
import type { Service } from '../../../domains/shared/service.js';
import { startEngines } from '../../../infra/engines/testing/engines-for-tests.js';
import { createEventStore } from '../../../infra/event-store/event-store.js';
import type { StoredEvent } from '../../../infra/event-store/stored-event.js';
import { createMailbox } from '../../../infra/notifications/mailbox.js';
import type { Senders } from '../../../infra/notifications/senders.js';
import { createPostgres } from '../../../infra/postgres/postgres.js';
import { createPersonalKeys } from '../../../infra/security/personal-keys.js';
import { createLocalServiceBus } from '../../../infra/service-bus/local-service-bus.js';
import type { ServiceBus } from '../../../infra/service-bus/service-bus.js';
import { newTraceparent } from '../../../infra/telemetry/tracing.js';
import { connectTemporal } from '../../../infra/temporal/connection.js';
import { bundleSources } from '../../../infra/temporal/testing/bundle-sources.js';
import { runWorker } from '../../../infra/temporal/worker.js';
import { createActivities } from '../activities.js';
import { taskQueue, workflowIdOf, type Origin } from '../delivery.js';
import { relayNotifications } from '../relay.js';
import type { notificationDelivery } from '../workflow.js';

const silent = pino({ level: 'silent' });

export const ada = { email: 'ada@example.org', name: 'Ada Lovelace', phone: '+43 1 234' as string | null };

/** What a test asks for; the rest does not matter to it. */
export type Wanted = Readonly<{ userId: string; cause?: string; channel?: Channel; template?: string; facts?: Facts }>;

/**
 * Deliveries with all that they touch: the notifications context over a real event store, the mailbox, the relay and a
 * real Temporal. Only users answer from `people`. A test may give `senders` others.
 */
export const startDeliveryWorld = async (services: readonly Service[]) => {
  const engines = await startEngines(['event-store', 'postgres', 'temporal']);
  const eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  const postgres = createPostgres(engines.env.POSTGRES_URL, 4);
  const temporal = connectTemporal(engines.env.TEMPORAL_ADDRESS);
  const mailbox = createMailbox(engines.dataDir);
  const senders: { -readonly [Channel in keyof Senders]: Senders[Channel] } = { email: mailbox, sms: mailbox };
  const people = new Map<string, typeof ada>();
  const bus = createLocalServiceBus({
    services,
    eventStore,
    personalKeys: createPersonalKeys({ postgres, masterKey: 'ab'.repeat(32) }),
    elsewhere: usersOf(people),
  });
  const worker = runWorker({
    address: engines.env.TEMPORAL_ADDRESS,
    taskQueue,
    workflowBundlePath: await bundleSources('notification', engines.dataDir),
    activities: createActivities({ bus, senders }),
    load: 'light',
    tracing: false,
    log: silent,
  });
  await worker.ready;
  const relay = relayNotifications(temporal.client, { eventStore, postgres, log: silent });

  /** Follows the log until a notification has an event that fits. */
  const event = async (notificationId: string, fits: (event: StoredEvent) => boolean): Promise<StoredEvent> => {
    const options = { after: null, most: 20, signal: new AbortController().signal };
    for await (const batch of eventStore.follow(['notification'], options)) {
      const found = batch.find((one) => one.streamId === `notification-${notificationId}` && fits(one));
      if (found) return found;
    }
    throw new Error('The event store ended');
  };

  return {
    bus,
    mailbox,
    senders,
    people,

    /** Gives the id of what was requested. */
    requested: async ({
      cause = randomUUID(),
      channel = 'email',
      template = 'delivered',
      facts = {},
      userId,
    }: Wanted): Promise<string> => {
      const data = { cause, channel, template, userId, orderId: 'o1', facts };
      const { streamId } = await bus.send('notifications', {
        ...{ type: 'RequestNotification', data, at: new Date().toISOString(), commandId: randomUUID() },
        ...{ correlationId: randomUUID(), actor: 'u1', traceparent: newTraceparent() },
      });
      return streamId.replace('notification-', '');
    },

    eventsOf: async (notificationId: string) => {
      const events = [];
      for await (const one of eventStore.readStream(`notification-${notificationId}`)) events.push(one);
      return events;
    },

    /** Waits for the event with which a delivery ends. */
    ended: (notificationId: string) => event(notificationId, ({ type }) => type !== 'NotificationRequested'),

    delivery: (notificationId: string) =>
      temporal.client.workflow.getHandle<typeof notificationDelivery>(workflowIdOf(notificationId)),

    /** Delivers again, as when Temporal has forgotten that it did. */
    deliveredAgain: (origin: Origin) =>
      temporal.client.workflow.execute<typeof notificationDelivery>('notificationDelivery', {
        ...{ workflowId: randomUUID(), taskQueue, args: [origin] },
      }),

    stop: async () => {
      await relay.stop();
      await worker.stop();
      await temporal.close();
      await eventStore.dispose();
      await postgres.end();
      await engines.stop();
    },
  };
};

export type DeliveryWorld = Awaited<ReturnType<typeof startDeliveryWorld>>;

const usersOf = (people: ReadonlyMap<string, typeof ada>): ServiceBus => ({
  send: (context) => Promise.reject(new Error(`Nobody sends to ${context} here`)),
  ask: (_context, question, data) => {
    const person = people.get((data as { userId: string }).userId);
    if (question === 'recipientOf') return Promise.resolve(person ?? null);
    return Promise.resolve({ email: person !== undefined, phone: typeof person?.phone === 'string' });
  },
});
