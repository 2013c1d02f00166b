import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHead } from '../../audit-log/log-head.js';
import { ensureAuditTables } from '../../audit-log/log-tables.js';
import { startEnginesApart } from '../../engines/engines-apart.js';
import { createEventStore } from '../../event-store/event-store.js';
import { createPostgres } from '../../postgres/postgres.js';
import { startGateway } from '../command/gateways.js';
import { answersPerSecond } from '../command/load.js';
import { orderRequestsOf } from '../command/order-requests.js';
import { openShop } from '../command/shop.js';
import { compare, together, type Measurement, type Round } from '../rounds.js';
import { cpuSecondsOf, startAuditor } from './auditor-process.js';
import { logged } from './logged.js';

const admin = { email: 'admin@evermart.localhost', password: 'only for this benchmark' };
const orders = 5_000;
const rounds = 7;

/** So much of the CPU that a command takes of the gateway may the auditor take for its event. */
const mostCpu = 1 / 4;

/**
 * Places orders with the auditor on and off, in turn: how many are answered a second, and what CPU the auditor takes for
 * an event beside what the gateway, with the domains inside it, takes to append one.
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
    const rate = () =>
      answersPerSecond({ port: gateway.port, requests, callers: 32, count: orders, expected: ['"status":"PENDING"'] });
    await rate();

    const [on, cpu]: [Round[], Round[]] = [[], []];
    for (let round = 1; round <= rounds; round += 1) {
      const ceiling = await rate();
      const auditor = await startAuditor(env);
      await logged(eventStore, postgres);
      const before = { ...(await cpuOf(gateway.pid, auditor.pid)), size: (await readHead(postgres)).tree.size };
      const figure = await rate();
      await logged(eventStore, postgres);
      const after = { ...(await cpuOf(gateway.pid, auditor.pid)), size: (await readHead(postgres)).tree.size };
      await auditor.stop();
      const events = after.size - before.size;
      const used = { gateway: after.gateway - before.gateway, auditor: after.auditor - before.auditor };
      on.push({ figure, ceiling });
      cpu.push({ figure: events / used.auditor, ceiling: events / used.gateway });
      report(
        `round ${round} of ${rounds}: ${microseconds(used.auditor / events)} of ${microseconds(used.gateway / events)}`,
      );
    }
    return together([
      compare('commands with the auditor, beside without', on, 1),
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
