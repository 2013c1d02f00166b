import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EventStoreDBClient, eventTypeFilter, jsonEvent, streamNameFilter, type Filter } from '@eventstore/db-client';
import type { Measurement } from '../rounds.js';
import { startEventStore, type ServerProcess } from './server-process.js';

const events = 1_000_000;
const appendLength = 500;
const callers = 4;
/** One of a hundred streams is looked for, so one event of a hundred matches. */
const streams = 100;

/** What a store holds more than after its first part, while the whole is appended and read, in MiB. */
const mostGrowth = 64;
const slowestStart = 1;
const leastSpeedUp = 10;

/**
 * A log of a million events: whether memory stays flat while it is appended and read, how much quicker a filtered
 * catch-up is than reading all and filtering in the client, and how long the server takes to start on it.
 */
export const measureMillion = async (folder: string, report: (line: string) => void): Promise<Measurement> => {
  const file = join(folder, 'million.db');
  const first = await startEventStore(file);
  const appended = await fill(first, report);
  const { lines, slowest, perSecond, afterReading } = await catchUps(first, report);
  await first.stop();
  const { seconds, server } = await startAgain(file);
  await server.stop();
  rmSync(file);
  return {
    lines: [
      ...lines,
      `appended ${appended.perSecond.toFixed(0)} events/s in appends of ${appendLength}; read ${perSecond.toFixed(0)} events/s of $all`,
      `resident after 100,000 events ${appended.early.toFixed(0)} MiB, after 1,000,000 ${appended.last.toFixed(0)} MiB, ` +
        `after reading them ${afterReading.toFixed(0)} MiB: at most ${mostGrowth} MiB more`,
      `starts with 1,000,000 events after ${seconds.toFixed(2)} s of at most ${slowestStart} s`,
    ],
    withinCeilings:
      slowest >= leastSpeedUp &&
      Math.max(appended.last, afterReading) - appended.early <= mostGrowth &&
      seconds <= slowestStart,
  };
};

const fill = async (server: ServerProcess, report: (line: string) => void) => {
  const client = EventStoreDBClient.connectionString(server.url);
  const text = 'x'.repeat(280);
  const begun = performance.now();
  let next = 0;
  let early = 0;
  const call = async () => {
    while (next < events) {
      const from = next;
      next += appendLength;
      const group = String((from / appendLength) % streams).padStart(2, '0');
      const batch = Array.from({ length: appendLength }, (_, index) =>
        jsonEvent({ type: `Counted-${group}`, data: { number: from + index, text } }),
      );
      await client.appendToStream(`bench-${group}`, batch);
      if (from % 100_000 === 0 && from > 0) {
        if (early === 0) early = server.residentMiB();
        report(`${from} events, ${server.residentMiB().toFixed(0)} MiB resident`);
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  const perSecond = events / ((performance.now() - begun) / 1000);
  await client.dispose();
  return { early, last: server.residentMiB(), perSecond };
};

const catchUps = async (server: ServerProcess, report: (line: string) => void) => {
  const client = EventStoreDBClient.connectionString(server.url);
  const whole = await secondsToCatchUp(client, undefined);
  report(`all ${events} events: ${whole.toFixed(1)} s`);
  const filters: readonly (readonly [string, Filter])[] = [
    ['streams by prefix', streamNameFilter({ prefixes: ['bench-07'] })],
    ['streams by expression', streamNameFilter({ regex: '^bench-07$' })],
    ['types by prefix', eventTypeFilter({ prefixes: ['Counted-07'] })],
  ];
  const lines: string[] = [];
  let slowest = Infinity;
  for (const [what, filter] of filters) {
    const seconds = await secondsToCatchUp(client, filter);
    const speedUp = whole / seconds;
    slowest = Math.min(slowest, speedUp);
    lines.push(
      `catch-up with 1 % of 1,000,000, ${what}: ${seconds.toFixed(2)} s beside ${whole.toFixed(1)} s, ` +
        `${speedUp.toFixed(0)} times quicker, floor ${leastSpeedUp}`,
    );
    report(lines.at(-1) ?? '');
  }
  const afterReading = server.residentMiB();
  await client.dispose();
  return { lines, slowest, perSecond: events / whole, afterReading };
};

const secondsToCatchUp = (client: EventStoreDBClient, filter: Filter | undefined): Promise<number> =>
  new Promise((resolve, reject) => {
    const begun = performance.now();
    const subscription = client.subscribeToAll(filter ? { filter } : {});
    let wanted = 0;
    subscription.on('data', ({ event }) => {
      if (event?.streamId === 'bench-07') wanted += 1;
    });
    subscription.once('error', reject);
    subscription.once('caughtUp', () => {
      const seconds = (performance.now() - begun) / 1000;
      subscription.off('error', reject).on('error', () => undefined);
      void subscription.unsubscribe();
      if (wanted === events / streams) resolve(seconds);
      else reject(new Error(`${wanted} events came instead of ${events / streams}`));
    });
  });

const startAgain = async (file: string) => {
  const begun = performance.now();
  const server = await startEventStore(file);
  return { seconds: (performance.now() - begun) / 1000, server };
};
