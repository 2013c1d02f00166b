import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pino } from 'pino';
import { builtEntry } from '../engines/installation.js';
import { runAuditor, type RunningAuditor } from './auditor.js';
import { openCheckpoint } from './checkpoint.js';
import { openCheckpointTarget } from './checkpoint-target.js';
import { readHead } from './log-head.js';
import { createProofs } from './proofs.js';
import { openSigningKey } from './signing-key.js';
import { startAuditedEngines, type AuditedEngines, type AuditedStore } from './testing/audited-store.js';
import { createVerifications, type Verification } from './verifications.js';

let engines: AuditedEngines;
let store: AuditedStore;
const running: RunningAuditor[] = [];

beforeAll(async () => {
  engines = await startAuditedEngines();
});
beforeEach(async () => {
  store = await engines.openStore();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((auditor) => auditor.stop()));
  await store.end();
});
afterAll(() => engines.end());

const log = pino({ level: 'silent' });
const keyFile = () => join(store.folder, 'audit', 'signing-key.pem');
const key = () => openSigningKey(keyFile());
const target = () => openCheckpointTarget(join(store.folder, 'audit', 'checkpoints.ndjson'));
const start = () => {
  const auditor = runAuditor({ ...store, ...engines, target: target(), key: key(), log });
  running.push(auditor);
  return auditor;
};
const until = async <Found>(look: () => Promise<Found>, holds: (found: Found) => boolean): Promise<Found> => {
  for (;;) {
    const found = await look();
    if (holds(found)) return found;
  }
};
const logged = (size: number) =>
  until(
    () => readHead(engines.postgres),
    ({ tree }) => tree.size === size,
  );
const signedSizes = async () => (await target().all()).map((note) => openCheckpoint(note, key().publicKey)?.size);
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

describe('an auditor', () => {
  it('logs what is there and what comes, signs it when it stops, and verifies it when it is asked to', async () => {
    await store.append('cart-1', ...numbers(3));
    const auditor = start();
    await logged(3);
    await store.append('cart-1', ...numbers(2));
    await logged(5);
    const { request, find } = createVerifications(engines.postgres);
    const { id } = await request();
    const found = await until(
      () => find(id),
      ({ state }: Verification) => state !== 'running',
    );
    expect(found).toMatchObject({ state: 'done', intact: true, progress: { done: 5, total: 5 } });
    await store.append('cart-1', ...numbers(1));
    await logged(6);
    await auditor.stop();
    expect((await signedSizes()).slice(-2)).toEqual([5, 6]);
    expect(await createProofs({ ...engines, ...store }).publicKey()).toBe(key().publicPem);
  });

  it('waits for the one that keeps the log, and goes on where that was', async () => {
    const first = start();
    await store.append('cart-1', ...numbers(2));
    await logged(2);
    const second = start();
    await store.append('cart-1', ...numbers(2));
    await logged(4);
    await first.stop();
    await store.append('cart-1', ...numbers(2));
    await logged(6);
    expect(second.isFollowing()).toBe(true);
    await second.stop();
    expect((await signedSizes()).slice(-1)).toEqual([6]);
  });

  it('goes on, and verifies what was asked for, after one that was killed', async () => {
    const { postgres } = engines;
    const env = {
      ...process.env,
      ...(await addresses()),
      DATA_DIR: store.folder,
      MASTER_KEY: '00'.repeat(32),
      LOG_LEVEL: 'silent',
      NODE_OPTIONS: '',
    };
    const child = spawn(process.execPath, [builtEntry('infra/audit-log/main.js')], { env, stdio: 'ignore' });
    await store.append('cart-1', ...numbers(3_000));
    await until(
      () => readHead(postgres),
      ({ tree }) => tree.size > 0,
    );
    const { id } = await createVerifications(postgres).request();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await store.append('cart-1', ...numbers(500));
    start();
    await logged(3_500);
    const { find, request } = createVerifications(postgres);
    expect(
      await until(
        () => find(id),
        ({ state }) => state !== 'running',
      ),
    ).toMatchObject({ intact: true });
    const { id: second } = await request();
    const whole = await until(
      () => find(second),
      ({ state }) => state !== 'running',
    );
    expect(whole).toMatchObject({ intact: true, progress: { done: 3_500 } });
  });

  it('loses nothing where the connection breaks that holds its lock', async () => {
    start();
    await store.append('cart-1', ...numbers(2));
    await logged(2);
    await engines.postgres.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted`,
    );
    await store.append('cart-1', ...numbers(2));
    await logged(4);
    expect(await engines.postgres.query('select distinct position from audit_entries')).toMatchObject({ rowCount: 4 });
  });
});

const addresses = async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return {
    EVENTSTORE_URL: store.url,
    POSTGRES_URL: String(engines.postgres.options.connectionString),
    AUDITOR_PORT: String(port),
  };
};
