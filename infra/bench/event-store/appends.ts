import { randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { compare, inRounds, type Measurement } from '../rounds.js';
import { startEventStore, startStub } from './server-process.js';

/** How many appends a second a number of callers get done who each wait for the answer before the next. */
const appendsPerSecond = async (url: string, callers: number, appends: number): Promise<number> => {
  const client = EventStoreDBClient.connectionString(url);
  const text = 'x'.repeat(280);
  let left = appends;
  const call = async () => {
    const stream = `bench-${randomUUID()}`;
    while (left > 0) {
      left -= 1;
      const { success } = await client.appendToStream(
        stream,
        jsonEvent({ type: 'Counted', data: { number: left, text } }),
      );
      if (!success) throw new Error('An append was refused');
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: callers }, call));
  const perSecond = appends / ((performance.now() - begun) / 1000);
  await client.dispose();
  return perSecond;
};

/** How many writes of one event's size a second a bare file takes when each is synced. */
const syncsPerSecond = (folder: string, syncs: number): number => {
  const file = openSync(join(folder, 'synced'), 'a');
  const bytes = Buffer.alloc(450);
  const begun = performance.now();
  for (let sync = 0; sync < syncs; sync += 1) {
    writeSync(file, bytes);
    fdatasyncSync(file);
  }
  const perSecond = syncs / ((performance.now() - begun) / 1000);
  closeSync(file);
  return perSecond;
};

const rounds = 7;
const warmUp = 8_000;

/** Durable appends through the client, beside the same appends to a server that keeps nothing. */
export const measureAppends = async (
  folder: string,
  report: (line: string) => void,
): Promise<readonly Measurement[]> => {
  const [stub, store] = await Promise.all([startStub(), startEventStore(join(folder, 'appends.db'))]);
  try {
    for (const { url } of [stub, store]) await appendsPerSecond(url, 32, warmUp);
    report('one caller');
    const alone = await inRounds(
      rounds,
      async () => {
        const kept = await appendsPerSecond(store.url, 1, 2_000);
        const stubbed = await appendsPerSecond(stub.url, 1, 3_000);
        const synced = syncsPerSecond(folder, 2_000);
        return { figure: kept, ceiling: 1 / (1 / stubbed + 1 / synced) };
      },
      report,
    );
    report('32 callers');
    const many = await inRounds(
      rounds,
      async () => ({
        figure: await appendsPerSecond(store.url, 32, 20_000),
        ceiling: await appendsPerSecond(stub.url, 32, 20_000),
      }),
      report,
    );
    return [
      compare('appends, 1 caller, beside stub + fsync', alone, 0.8),
      compare('appends, 32 callers, beside the stub', many, 0.8),
    ];
  } finally {
    await Promise.all([stub.stop(), store.stop()]);
  }
};
