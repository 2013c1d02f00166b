import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { EventStoreDBClient } from '@eventstore/db-client';
import { counted } from './testing/events.js';

const main = join(process.cwd(), 'dist/infra/event-store-server/main.js');

type Child = ChildProcessByStdio<null, Readable, Readable>;

let folder: string;
let file: string;
const children: Child[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-store-'));
  file = join(folder, 'events.db');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const run = (...options: string[]): Child => {
  const child = spawn(process.execPath, [main, '--db', file, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
};

const ready = async (child: Child): Promise<string> => {
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /^event store ready on (esdb:\/\/127\.0\.0\.1:\d+\?tls=false)\n$/.exec(line.toString())?.[1];
  if (url === undefined) throw new Error(`Not the line that is expected: ${line.toString()}`);
  return url;
};

const refusal = async (child: Child) => {
  const [exit, errors] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return { code: exit[0] as number, errors };
};

it.each(['SIGTERM', 'SIGINT'] as const)(
  'ends with code 0 on %s, with subscriptions and appends open',
  async (signal) => {
    const child = run('--port', '0');
    const client = EventStoreDBClient.connectionString(await ready(child));
    await client.appendToStream('a', counted(1));
    const subscription = client.subscribeToAll();
    subscription.resume();
    const failure = once(subscription, 'error').catch((error: unknown) => [error]);
    await once(subscription, 'caughtUp');
    child.kill(signal);
    expect((await once(child, 'exit'))[0]).toBe(0);
    await failure;
    await client.dispose();
  },
);

it('names a port that is taken', async () => {
  const port = new URL(await ready(run('--port', '0'))).port;
  const other = spawn(process.execPath, [main, '--db', join(folder, 'other.db'), '--port', port]);
  children.push(other as unknown as Child);
  expect(await refusal(other as unknown as Child)).toEqual({
    code: 1,
    errors: `event store: Port ${port} on 127.0.0.1 is already in use\n`,
  });
});

it('listens beyond loopback with TLS and a user only', async () =>
  expect(await refusal(run('--host', '0.0.0.0'))).toMatchObject({
    code: 1,
    errors: expect.stringContaining('with TLS and at least one user only') as string,
  }));

it('explains its options', async () => {
  const help = await text(run('--help').stdout);
  for (const option of ['--db', '--port', '--host', '--tls']) expect(help).toContain(option);
});
