import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { bursts } from './bursts.js';
import { randomFrom } from './random.js';
import { startServerProcess, type ServerProcess } from './server-process.js';

export type FuzzOptions = Readonly<{ bursts: number; seed: number; onBurst?: (number: number, what: string) => void }>;

/** Far more than a server at rest needs, far less than what the bursts would have it keep. */
const mostGrowthMiB = 150;
const quiet = 15_000;

/**
 * Speaks nonsense to a server, burst after burst, and sees each time that it still takes and gives events.
 *
 * @throws Error when it does not, holds on to memory, complains, or does not end when it is asked to.
 */
export const fuzz = async ({ bursts: count, seed, onBurst }: FuzzOptions): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'event-store-fuzz-'));
  const server = startServerProcess(join(folder, 'events.db'));
  let now = 'the start';
  try {
    const url = await server.url;
    const port = Number(new URL(url).port);
    const client = EventStoreDBClient.connectionString(url);
    await fill(client);
    const random = randomFrom(seed);
    const names = Object.keys(bursts);
    const before = server.residentMiB();
    for (let number = 0; number < count; number += 1) {
      // Each at least once, and then in any order.
      now = names[number] ?? random.oneOf(names);
      await (bursts[now] as (typeof bursts)[string])(port, random);
      await useNormally(client, number);
      onBurst?.(number + 1, now);
    }
    now = 'the end';
    await insistOnMemory(server, before + mostGrowthMiB);
    await client.dispose();
    await insistOnEnd(server, port);
  } catch (error) {
    throw new Error(`After ${now}, seed ${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    server.kill('SIGKILL');
    await server.exited;
    rmSync(folder, { recursive: true });
  }
};

/** More than the server may keep for each reader that does not read. */
const fill = async (client: EventStoreDBClient) => {
  for (let count = 0; count < 40; count += 1)
    await client.appendToStream('large', binaryEvent({ type: 'Large', data: Buffer.alloc(900_000) }));
};

const useNormally = async (client: EventStoreDBClient, number: number) => {
  const event = binaryEvent({ type: 'Normal', data: Buffer.from(String(number)) });
  await client.appendToStream('normal', event, { expectedRevision: number === 0 ? 'no_stream' : BigInt(number - 1) });
  for await (const { event: read } of client.readStream('normal', {
    direction: 'backwards',
    fromRevision: 'end',
    maxCount: 1,
  }))
    if (read?.id !== event.id) throw new Error('What was appended is not what is read');
};

/** What is no longer needed is not given back at once. */
const insistOnMemory = async (server: ServerProcess, most: number) => {
  for (let waited = 0; server.residentMiB() > most; waited += 100) {
    if (waited > quiet) throw new Error(`The server still has ${server.residentMiB().toFixed(0)} MiB`);
    await pause(100);
  }
};

/** Connections that say nothing must not keep it. */
const insistOnEnd = async (server: ServerProcess, port: number) => {
  const sockets = ['', 'PRI', 'GET / HTTP'].map((beginning) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(beginning));
    return socket.on('error', () => undefined);
  });
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  server.kill('SIGTERM');
  const ended = await Promise.race([server.exited, pause(quiet, undefined, { ref: false })]);
  for (const socket of sockets) socket.destroy();
  if (!ended) throw new Error('The server does not end');
  const { code, signal, errors } = ended;
  if (code !== 0) throw new Error(`The server ended with ${code ?? signal}: ${errors}`);
  if (errors !== '') throw new Error(`The server wrote: ${errors}`);
};
