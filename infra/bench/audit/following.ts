import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHead } from '../../audit-log/log-head.js';
import { ensureAuditTables } from '../../audit-log/log-tables.js';
import { startEnginesApart } from '../../engines/engines-apart.js';
import { createEventStore } from '../../event-store/event-store.js';
import { createPostgres } from '../../postgres/postgres.js';
import { startGateway } from '../command/gateways.js';
import { answersPerSecond, answerTimes } from '../command/load.js';
import { orderRequestsOf } from '../command/order-requests.js';
import { openShop } from '../command/shop.js';
import { compare, medianOf, together, type Measurement, type Round } from '../rounds.js';
import { cpuSecondsOf, startAuditor } from './auditor-process.js';
import { logged } from './logged.js';

const admin = { email: 'admin@evermart.localhost', password: 'only for this benchmark' };
const orders = 5_000;
const rounds = 7;

/** How long a command takes is measured while the machine has room: at so much of the rate that fills it. */
const ofRate = 1 / 3;
const pacedSeconds = 8;

/** So much of the CPU that a command takes of the gateway may the auditor take for its event. */
const mostCpu = 1 / 4;

/**
 * Places orders with the auditor on and off, in turn: how long half of them take at a pace that leaves room, how many are
 * answered a second as fast as it goes, and what CPU the auditor takes for an event beside what the gateway, with the
 * domains inside it, takes to append one.
 */
export const measureFollowing = async (report: (line: string) => void): Promise<Measurement> => {
  const engines = await startEnginesApart(['event-store', 'postgres']);
  const folder = await mkdtemp(join(tmpdir(), 'evermart-bench-audit-'));
  const env = {
    ...engines.env,
    DATA_DIR: folder,
    MASTER_KEY: 'ab'.repeat(32),
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    MONGODB_URL: 'mongodb://127.0.0.1:1/evermart',
  };
  const eventStore = createEventStore(engines.env['EVENTSTORE_URL'] ?? '');
  const postgres = createPostgres(engines.env['POSTGRES_URL'] ?? '');
  const gateway = await startGateway(env);
  try {
    report('opening a shop');
    await ensureAuditTables(postgres);
    const shop = await openShop(`http://127.0.0.1:${gateway.port}/api/v1`, eventStore, admin);
    const requests = orderRequestsOf(shop, 3);
    const load = { port: gateway.port, requests, callers: 32, expected: ['"status":"PENDING"'] };
    const measureRate = () => answersPerSecond({ ...load, count: orders });
    await measureRate();
    const perSecond = (await measureRate()) * ofRate;
    const count = Math.round(perSecond * pacedSeconds);
    const measure = async () => ({
      rate: await measureRate(),
      median: medianOf(await answerTimes({ ...load, count, perSecond })),
    });

    const [busy, paced, cpu]: [Round[], Round[], Round[]] = [[], [], []];
    for (let round = 1; round <= rounds; round += 1) {
      const without = await measure();
      const auditor = await startAuditor(env);
      await logged(eventStore, postgres);
      const before = { ...(await cpuOf(gateway.pid, auditor.pid)), size: (await readHead(postgres)).tree.size };
      const withIt = await measure();
      await logged(eventStore, postgres);
      const after = { ...(await cpuOf(gateway.pid, auditor.pid)), size: (await readHead(postgres)).tree.size };
      await auditor.stop();
      const events = after.size - before.size;
      const used = { gateway: after.gateway - before.gateway, auditor: after.auditor - before.auditor };
      busy.push({ figure: withIt.rate, ceiling: without.rate });
      paced.push({ figure: 1000 / withIt.median, ceiling: 1000 / without.median });
      cpu.push({ figure: events / used.auditor, ceiling: events / used.gateway });
      report(
        `round ${round} of ${rounds}: an event takes ${microseconds(used.auditor / events)} of the CPU, of the gateway ` +
          `${microseconds(used.gateway / events)}; half of commands answer in ${microseconds(withIt.median / 1000)} ` +
          `beside ${microseconds(without.median / 1000)}`,
      );
    }
    return together([
      compare('median command with the auditor, in a row', paced, 1),
      compare('commands at once with the auditor', busy),
      compare('events that a second of CPU logs, of appends', cpu, 1 / mostCpu),
    ]);
  } finally {
    await gateway.stop();
    await eventStore.dispose();
    await postgres.end();
    await engines.stop();
    await rm(folder, { recursive: true });
  }
};

const cpuOf = async (gateway: number, auditor: number) => ({
  gateway: await cpuSecondsOf(gateway),
  auditor: await cpuSecondsOf(auditor),
});

const microseconds = (seconds: number) => `${(seconds * 1e6).toFixed(0)} µs`;
