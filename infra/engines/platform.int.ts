import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtEntry } from './installation.js';
import { holdRandomPort } from './ports.js';
import { isRunning, type ProcessIdentity } from './process-identity.js';
import { readProcesses, type ProcessEntry } from './processes-file.js';

type Launcher = Readonly<{ child: ChildProcess; output: () => string; ended: Promise<number | null> }>;

const launchers: ChildProcess[] = [];
let dataDir: string;
let port: number;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'evermart-platform-'));
  const held = await holdRandomPort(0);
  port = held.number;
  await held.release();
});

afterEach(async () => {
  for (const child of launchers
    .splice(0)
    .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  rmSync(dataDir, { recursive: true });
});

const start = (env: NodeJS.ProcessEnv = {}): Launcher => {
  const child = spawn(process.execPath, [builtEntry('infra/engines/testing/fake-platform.js')], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(port), ...env },
  });
  launchers.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text, ended: new Promise((resolve) => child.once('close', resolve)) };
};

const until = async <T>(look: () => T | undefined | false): Promise<T> => {
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await sleep(20);
  }
};

const entryOf = (name: string) => readProcesses(dataDir)?.processes.find((entry) => entry.name === name);

const inState = (name: string, state: ProcessEntry['state']) =>
  until(() => {
    const entry = entryOf(name);
    return entry?.state === state && entry;
  });

const identityOf = ({ pid, startTime }: ProcessEntry): ProcessIdentity => ({
  pid: pid ?? 0,
  startTime: startTime ?? '',
});

describe('the launcher', () => {
  it('names the port that is busy, and its variable', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const launcher = start();
    expect(await launcher.ended).toBe(1);
    expect(launcher.output()).toBe(`Port ${port} on 127.0.0.1 is in use. Stop what uses it or set PORT to another.\n`);
    other.close();
  });

  it('says which setting is wrong', async () => {
    const launcher = start({ MASTER_KEY: 'short' });
    expect(await launcher.ended).toBe(1);
    expect(launcher.output()).toContain('MASTER_KEY must be 64 hexadecimal digits');
  });

  it('refuses a second start on the same folder', async () => {
    const first = start();
    await inState('gateway', 'ready');
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`Evermart already runs on ${dataDir} (process ${first.child.pid ?? 0})`);
    expect(entryOf('gateway')?.state).toBe('ready');
  });

  it('tells roles their secrets, and nobody else', async () => {
    const stripe = { STRIPE_API_KEY: 'sk_test', STRIPE_WEBHOOK_SECRET: 'whsec_of_the_tests' };
    const launcher = start(stripe);
    await inState('gateway', 'ready');
    const gateway = (await (await fetch(`http://127.0.0.1:${port}/environment`)).json()) as Record<string, string>;
    const { url } = await inState('workflows', 'ready');
    const workflows = (await (await fetch(`${url}/environment`)).json()) as Record<string, string>;
    expect(gateway.MASTER_KEY).toMatch(/^[0-9a-f]{64}$/);
    expect(workflows.MASTER_KEY).toBe(gateway.MASTER_KEY);
    expect(launcher.output()).toContain(`password ${gateway.ADMIN_PASSWORD ?? ''} `);
    expect(workflows.ADMIN_PASSWORD).toBeUndefined();
    expect(gateway.PAYMENT_WEBHOOK_SECRET).toMatch(/^[0-9a-f]{64}$/);
    expect(workflows.PAYMENT_WEBHOOK_SECRET).toBeUndefined();
    expect([gateway.STRIPE_API_KEY, gateway.STRIPE_WEBHOOK_SECRET]).toEqual([undefined, 'whsec_of_the_tests']);
    expect([workflows.STRIPE_API_KEY, workflows.STRIPE_WEBHOOK_SECRET]).toEqual(['sk_test', undefined]);
    expect(workflows.DOMAINS_URL).toBe(`http://127.0.0.1:${gateway.DOMAINS_PORT ?? ''}`);
    expect(gateway.DOMAINS_URL).toBeUndefined();
    for (const file of ['master.key', 'payment-webhook.secret', 'admin.json', 'processes.json'])
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
  });

  it('starts a role that was killed again', async () => {
    const launcher = start();
    const before = await inState('gateway', 'ready');
    process.kill(before.pid ?? 0, 'SIGKILL');
    const after = await until(() => {
      const entry = entryOf('gateway');
      return entry?.state === 'ready' && entry.pid !== before.pid && entry;
    });
    expect(isRunning(identityOf(after))).toBe(true);
    expect(launcher.output()).toContain('gateway restarting: was ended by SIGKILL; starting it again in 0.2 s');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('leaves no process behind on %s', async (signal) => {
    const launcher = start({ ENGINES: 'postgres' });
    const entries = await Promise.all(['gateway', 'workflows', 'postgres'].map((name) => inState(name, 'ready')));
    launcher.child.kill(signal);
    expect(await launcher.ended).toBe(0);
    expect(entries.map(identityOf).filter(isRunning)).toEqual([]);
    expect(readProcesses(dataDir)?.processes.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
  });

  it('ends at once, with all processes, on a second signal', async () => {
    const launcher = start({ STUBBORN: 'yes' });
    const entries = await Promise.all(['gateway', 'workflows'].map((name) => inState(name, 'ready')));
    await until(() => !launcher.child.kill('SIGINT') || launcher.child.exitCode !== null);
    expect(launcher.child.exitCode).toBe(1);
    await until(() => entries.map(identityOf).every((identity) => !isRunning(identity)));
  });

  it('leaves, when it is killed, no role, and the next start ends its engines', async () => {
    const first = start({ ENGINES: 'postgres' });
    const [role, engine] = await Promise.all([inState('gateway', 'ready'), inState('postgres', 'ready')]);
    first.child.kill('SIGKILL');
    await first.ended;
    await until(() => !isRunning(identityOf(role)));
    expect(isRunning(identityOf(engine))).toBe(true);

    const second = start({ ENGINES: 'postgres' });
    await until(() => second.output().includes('had left running: postgres'));
    expect(isRunning(identityOf(engine))).toBe(false);
    await inState('postgres', 'ready');
    await inState('gateway', 'ready');
  });

  it('says which engine can be had in no way, and runs without it', async () => {
    const notAFolder = join(dataDir, 'cache');
    writeFileSync(notAFolder, '');
    const launcher = start({ ENGINES: 'temporal', PATH: '/nowhere', EVERMART_CACHE_DIR: notAFolder });
    await inState('temporal', 'unavailable');
    await inState('gateway', 'ready');
    await until(() => launcher.output().includes('without temporal'));
    expect(launcher.output()).toMatch(
      /temporal unavailable: download: .*; build: there is no `go` on PATH\. Set TEMPORAL_ADDRESS to use a running one/,
    );
  });

  it('uses an engine that the environment points to', async () => {
    start({ ENGINES: 'postgres', POSTGRES_URL: 'postgresql://me:secret@db.example/evermart' });
    const { pid, url } = await inState('postgres', 'external');
    expect({ pid, url }).toEqual({ pid: null, url: 'postgresql://db.example/evermart' });
  });
});
