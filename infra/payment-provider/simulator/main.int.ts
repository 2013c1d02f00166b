import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { receiveNotices } from './testing/notice-receiver.js';
import { createSimulatorClient, type SimulatorClient } from './simulator-client.js';

const entry = join(process.cwd(), 'dist/infra/payment-provider/simulator/main.js');
const amount = { amount: 1000, currency: 'EUR' };

let folder: string;
let port: number;
let role: ChildProcess;
let client: SimulatorClient;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payment-provider-'));
  port = await freePort();
  client = createSimulatorClient({ url: `http://127.0.0.1:${port}`, timeoutMs: 60_000 });
  role = await start();
});

afterEach(async () => {
  await kill();
  await rm(folder, { recursive: true });
});

it('has lost nothing that it answered before it was killed', async () => {
  const authorise = { key: 'k1', orderId: 'o1', amount, method: 'pm_ok' };
  const authorised = await client.authorise(authorise);
  const reference = 'reference' in authorised ? authorised.reference : '';
  await restart();
  expect(await client.authorise(authorise)).toEqual(authorised);

  const capture = { key: 'k2', reference, amount };
  const captured = await client.capture(capture);
  const captureReference = 'reference' in captured ? captured.reference : '';
  await restart();
  expect(await client.capture(capture)).toEqual(captured);

  const refund = { key: 'k3', captureReference, amount };
  const refunded = await client.refund(refund);
  await restart();
  expect(await client.refund(refund)).toEqual(refunded);
  expect(await client.ledger('o1')).toMatchObject({ authorised: 1000, captured: 1000, refunded: 1000 });
});

it('remembers the call that it left without an answer', async () => {
  const call = { key: 'k1', orderId: 'o1', amount, method: 'pm_timeout' };
  await expect(client.authorise(call)).rejects.toThrow('no answer');
  await restart();
  expect(await client.authorise(call)).toMatchObject({ outcome: 'authorised' });
  expect(await client.ledger('o1')).toMatchObject({ authorised: 1000 });
});

it('remembers how often it failed, and which key is void', async () => {
  const call = { key: 'k1', orderId: 'o1', amount, method: 'pm_flaky' };
  await expect(client.authorise(call)).rejects.toThrow('500');
  await client.voidByKey({ key: 'k2', authoriseKey: 'k3' });
  await restart();
  await expect(client.authorise(call)).rejects.toThrow('500');
  expect(await client.authorise(call)).toMatchObject({ outcome: 'authorised' });
  expect(await client.authorise({ ...call, key: 'k3' })).toEqual({ outcome: 'refused', code: 'key_voided' });
});

it('tells after it was killed what it had not told', async () => {
  const secret = 'a secret of the tests';
  const deaf = await receiveNotices(secret, () => new Promise(() => undefined));
  await restart({ PAYMENT_WEBHOOK_URL: deaf.url, PAYMENT_WEBHOOK_SECRET: secret });
  const calls = ['k1', 'k2', 'k3'].map((key) => client.authorise({ key, orderId: key, amount, method: 'pm_ok' }));
  await Promise.all(calls);
  await kill();
  await deaf.stop();

  const receiver = await receiveNotices(secret);
  role = await start({ PAYMENT_WEBHOOK_URL: receiver.url, PAYMENT_WEBHOOK_SECRET: secret });
  const told = await receiver.received(3);
  expect(told.map(({ orderId }) => orderId).toSorted()).toEqual(['k1', 'k2', 'k3']);
  await kill();
  await receiver.stop();
});

it('does not start where it is to tell and has no secret', async () => {
  await kill();
  await expect(start({ PAYMENT_WEBHOOK_URL: 'http://127.0.0.1:1' })).rejects.toThrow('before it listened');
});

it('ends at SIGTERM, after it has answered what was asked', async () => {
  const answer = client.authorise({ key: 'k1', orderId: 'o1', amount, method: 'pm_slow' });
  while ((await client.ledger('o1')).authorised === 0);
  const exit = once(role, 'exit');
  role.kill('SIGTERM');
  expect(await answer).toMatchObject({ outcome: 'authorised' });
  expect(await exit).toEqual([0, null]);
});

const start = async (settings: Readonly<Record<string, string>> = {}): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [entry], {
    env: { PATH: process.env['PATH'], DATA_DIR: folder, PAYMENT_PROVIDER_PORT: String(port), ...settings },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) if (line.includes('listening')) return child;
  throw new Error(`${entry} ended before it listened`);
};

const kill = async () => {
  if (role.exitCode !== null || role.signalCode !== null) return;
  role.kill('SIGKILL');
  await once(role, 'exit');
};

const restart = async (settings: Readonly<Record<string, string>> = {}) => {
  await kill();
  role = await start(settings);
};

const freePort = async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
};
