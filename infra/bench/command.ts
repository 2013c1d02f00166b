import { startEnginesApart } from '../engines/engines-apart.js';
import { createEventStore } from '../event-store/event-store.js';
import { startGateway, startNaiveGateway, startTraceSink, type GatewayProcess } from './command/gateways.js';
import { answersPerSecond } from './command/load.js';
import { measureLongStreams } from './command/long-streams.js';
import { orderRequestsOf } from './command/order-requests.js';
import { openShop } from './command/shop.js';
import { compare, inRounds, together, type Measurement } from './rounds.js';

const admin = { email: 'admin@evermart.localhost', password: 'only for this benchmark' };
const callers = 32;
const rounds = 5;
const [naiveOrders, orders] = [1_000, 5_000];

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
  const [ours, untraced] = [await startGateway(traced), await startGateway(env)];
  const jwks = { JWKS_URL: `http://127.0.0.1:${ours.port}/.well-known/jwks.json` };
  const naive = await startNaiveGateway({ ...traced, ...jwks });
  const eventStore = createEventStore(engines.env['EVENTSTORE_URL'] ?? '');
  try {
    report('opening a shop');
    const shop = await openShop(`http://127.0.0.1:${ours.port}/api/v1`, eventStore, admin);
    const [ofOne, ofThree] = [orderRequestsOf(shop, 1), orderRequestsOf(shop, 3)];
    const rate = ({ port }: GatewayProcess, requests: readonly Buffer[], count: number) =>
      answersPerSecond({ port, requests, callers, count, expected: ['"status":"PENDING"'] });
    const beside = (other: GatewayProcess, requests: readonly Buffer[], count: number) =>
      inRounds(
        rounds,
        async () => ({ figure: await rate(ours, requests, orders), ceiling: await rate(other, requests, count) }),
        report,
      );

    for (const gateway of [ours, untraced]) await rate(gateway, ofThree, orders);
    await rate(naive, ofThree, naiveOrders);
    report('orders of three lines, beside stock parts');
    const threeLines = await beside(naive, ofThree, naiveOrders);
    report('orders of one line, beside stock parts');
    const oneLine = await beside(naive, ofOne, naiveOrders);
    report('beside itself without tracing');
    const withoutTraces = await beside(untraced, ofThree, orders);
    const longStreams = await measureLongStreams(engines.env, report);
    return together([
      ...longStreams,
      compare('an order of three lines, beside stock parts', threeLines, 5),
      compare('an order of one line, beside stock parts', oneLine, 5),
      compare('an order of three lines, beside it untraced', withoutTraces, 0.7),
    ]);
  } finally {
    await Promise.all([ours, untraced, naive].map((gateway) => gateway.stop()));
    await eventStore.dispose();
    sink.stop();
    await engines.stop();
  }
};
