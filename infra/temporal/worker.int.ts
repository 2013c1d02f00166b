import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createWritableLog } from '../logging/testing/writable-log.js';
import { connectTemporal } from './connection.js';
import { runWorker, type WorkerSettings } from './worker.js';

let away: string;
beforeAll(async () => {
  away = await addressWhereNothingListens();
});

it('waits for a Temporal that is not there, says so, and can be stopped', async () => {
  const { log, line } = createWritableLog();
  const worker = runWorker({ ...settings(), log });
  expect(await line(() => true)).toMatchObject({ msg: 'waiting for Temporal', address: away });
  await worker.stop();
  await expect(worker.ready).resolves.toBeUndefined();
});

it('refuses to begin without a bundle', async () => {
  const worker = runWorker({ ...settings(), workflowBundlePath: join(import.meta.dirname, 'no-such-bundle.js') });
  await expect(worker.ready).rejects.toThrow('no-such-bundle.js');
});

it('tells that Temporal is not reachable', async () => {
  const temporal = connectTemporal(away);
  await expect(temporal.isReachable()).resolves.toBe(false);
  await temporal.close();
});

const settings = (): WorkerSettings => ({
  address: away,
  taskQueue: 'orders',
  workflowBundlePath: import.meta.filename,
  activities: {},
  tracing: false,
  log: createWritableLog().log,
});

const addressWhereNothingListens = async (): Promise<string> => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
};
