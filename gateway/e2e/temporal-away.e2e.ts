import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { startPlatformForTests, type RunningPlatform } from './testing/running-platform.js';
import { newCustomer, newProduct, orderOf, whenEnded } from './testing/shop.js';

let temporal: EnginesForTests;
let platform: RunningPlatform;
let door: Server;
let doorPort: number;

beforeAll(async () => {
  temporal = await startEngines(['temporal']);
  door = doorTo(temporal.env.TEMPORAL_ADDRESS);
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  doorPort = (door.address() as AddressInfo).port;
  door.close();
  await once(door, 'close');
  platform = await startPlatformForTests({
    env: { TEMPORAL_ADDRESS: `127.0.0.1:${doorPort}` },
    until: ['event-store', 'postgres', 'mongodb', 'payment-provider', 'projections'],
  });
});
afterAll(async () => {
  await platform.stop();
  door.close();
  await temporal.stop();
});

describe('while Temporal is not there', () => {
  it('orders are accepted, and end once it comes', async () => {
    const productId = await newProduct(platform.staff, 2);
    const customer = await newCustomer(platform.url);
    const placed = await Promise.all([1, 1, 1].map((quantity) => customer.placeOrder(orderOf(productId, quantity))));
    const waiting = await Promise.all(placed.map(({ id }) => customer.order(id)));
    expect(waiting.map(({ status }) => status)).toEqual(['PENDING', 'PENDING', 'PENDING']);
    const ready = await fetch(`${platform.url}/health/ready`);
    expect(ready.status).toBe(200);
    const health = await fetch(`${platform.url}/health`);
    expect(await health.json()).toMatchObject({
      status: 'degraded',
      dependencies: { temporal: 'down', postgres: 'up' },
    });

    door.listen(doorPort, '127.0.0.1');
    const ended = await Promise.all(placed.map(({ id }) => whenEnded(customer, id)));
    expect(ended.map(({ status }) => status).sort()).toEqual(['PAID', 'PAID', 'REJECTED']);
  });
});

/** Lets connections through to `address` while it listens. */
const doorTo = (address: string): Server => {
  const [host, port] = address.split(':');
  return createServer((socket) => {
    const beyond = connect(Number(port), host);
    socket.pipe(beyond).pipe(socket);
    socket.on('error', () => beyond.destroy());
    beyond.on('error', () => socket.destroy());
  });
};
