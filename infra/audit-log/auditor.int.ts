import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pino } from 'pino';
import { builtEntry } from '../engines/installation.js';
import { runAuditor, type AuditorParts, type RunningAuditor } from './auditor.js';
import { openCheckpoint } from './checkpoint.js';
import { openCheckpointTarget } from './checkpoint-target.js';
import { readHead } from './log-head.js';
import { createProofs } from './proofs.js';
import { openSigningKey } from './signing-key.js';
import { startAuditedEngines, type AuditedEngines, type AuditedStore } from './testing/audited-store.js';
import { createVerifications } from './verifications.js';

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
const start = (parts: Partial<AuditorParts> = {}) => {
  const auditor = runAuditor({ ...store, ...engines, target: target(), key: key(), log, ...parts });
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
const completed = (id: string) =>
  until(
    () => createVerifications(engines.postgres).find(id),
    ({ state }) => state !== 'running',
  );
const verified = async () => completed((await createVerifications(engines.postgres).request()).id);
const signedSizes = async () => (await target().all()).map((note) => openCheckpoint(note, key().publicKey)?.size);
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

describe('an auditor', () => {
  it('logs what is there and what comes, signs it when it stops, and verifies it when it is asked to', async () => {
    await store.append('cart-1', ...numbers(3));
    const auditor = start();
    await logged(3);
    await store.append('cart-1', ...numbers(2));
    await logged(5);
    expect(await verified()).toMatchObject({ state: 'done', intact: true, progress: { done: 5, total: 5 } });
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
    expect(await completed(id)).toMatchObject({ intact: true });
    expect(await verified()).toMatchObject({ intact: true, progress: { done: 3_500 } });
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

describe('a verification', () => {
  it('fails where the checkpoints cannot be reached', async () => {
    start({ target: openCheckpointTarget(store.folder) });
    await store.append('cart-1', ...numbers(1));
    await logged(1);
    expect(await verified()).toMatchObject({ state: 'failed', intact: null, failure: 'checkpoints_unreachable' });
  });

  it('fails where it would fail again and again, and the log goes on', async () => {
    const { postgres } = engines;
    const auditor = start();
    await store.append('cart-1', ...numbers(1));
    await logged(1);
    await postgres.query('alter table audit_entries rename digest to renamed');
    try {
      expect(await verified()).toMatchObject({ state: 'failed', intact: null, failure: 'internal_error' });
    } finally {
      await postgres.query('alter table audit_entries rename renamed to digest');
    }
    await store.append('cart-1', ...numbers(1));
    await logged(2);
    expect(auditor.isFollowing()).toBe(true);
    expect(await verified()).toMatchObject({ intact: true, progress: { done: 2 } });
  });

  it('serves all who ask before it begins', async () => {
    const { request } = createVerifications(engines.postgres);
    expect((await request()).id).toBe((await request()).id);
  });

  it('is not there before somebody asks', async () => {
    const { find, latest } = createVerifications(engines.postgres);
    await expect(latest()).rejects.toMatchObject({ code: 'audit.no_verification' });
    await expect(find('nobody')).rejects.toMatchObject({ code: 'audit.no_verification' });
  });
});
