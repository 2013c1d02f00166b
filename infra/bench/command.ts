import { startEnginesApart } from '../engines/engines-apart.js';
import { createEventStore } from '../event-store/event-store.js';
import { startGateway, startNaiveGateway, startTraceSink, type GatewayProcess } from './command/gateways.js';
import { answersPerSecond, post } from './command/load.js';
import { measureLongStreams } from './command/long-streams.js';
import { openShop, type Shop } from './command/shop.js';
import { compare, inRounds, together, type Measurement } from './rounds.js';

const admin = { email: 'admin@evermart.localhost', password: 'only for this benchmark' };
const callers = 32;
const rounds = 7;
const [naiveOrders, orders] = [1_500, 6_000];

/**
 * Places orders through the gateway, the domains and a durable append, traced: beside the same command made of stock
 * parts, and beside itself without tracing.
 */
export const measureCommand = async (report: (line: string) => void): Promise<Measurement> => {
  const engines = await startEnginesApart(['event-store', 'postgres']);
  const sink = await startTraceSink();
  const env = {
    ...engines.env,
    MASTER_KEY: 'ab'.repeat(32),
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    MONGODB_URL: 'mongodb://127.0.0.1:1/evermart',
  };
  const traced = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
  const gateways = [await startGateway(traced), await startGateway(env), await startNaiveGateway(traced)] as const;
  const [ours, untraced, naive] = gateways;
  const eventStore = createEventStore(engines.env['EVENTSTORE_URL'] ?? '');
  try {
    report('opening a shop');
    const shop = await openShop(`http://127.0.0.1:${ours.port}/api/v1`, eventStore, admin);
    const [asOurs, asNaive] = [requestsOf(shop, false), requestsOf(shop, true)];
    const rate = ({ port }: GatewayProcess, requests: readonly Buffer[], count: number) =>
      answersPerSecond({ port, requests, callers, count, expected: '"status":"PENDING"' });

    for (const gateway of [ours, untraced]) await rate(gateway, asOurs, orders);
    await rate(naive, asNaive, naiveOrders);
    report('beside stock parts');
    const besideNaive = await inRounds(
      rounds,
      async () => ({ figure: await rate(ours, asOurs, orders), ceiling: await rate(naive, asNaive, naiveOrders) }),
      report,
    );
    report('beside itself without tracing');
    const besideUntraced = await inRounds(
      rounds,
      async () => ({ figure: await rate(ours, asOurs, orders), ceiling: await rate(untraced, asOurs, orders) }),
      report,
    );
    const longStreams = await measureLongStreams(engines.env, report);
    return together([
      ...longStreams,
      compare('placing an order, beside stock parts', besideNaive, 5),
      compare('placing an order, beside it untraced', besideUntraced, 0.7),
    ]);
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await eventStore.dispose();
    sink.stop();
    await engines.stop();
  }
};

/** One order of every buyer for every product. */
const requestsOf = ({ buyers, productIds }: Shop, saysWho: boolean): readonly Buffer[] =>
  buyers.flatMap(({ userId, token }) =>
    productIds.map((productId) =>
      post('/api/v1/orders', token, {
        items: [{ productId, quantity: 2 }],
        paymentMethod: 'pm_ok',
        shippingAddress: {
          name: 'Ada',
          street: '12 St James Square',
          city: 'London',
          postalCode: 'SW1',
          country: 'GB',
        },
        ...(saysWho ? { userId } : {}),
      }),
    ),
  );
