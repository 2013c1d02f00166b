import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { startServerProcess, type ServerProcess } from './server-process.js';

let folder: string;
let file: string;
let reader: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'event-store-'));
  file = join(folder, 'events.db');
});
afterEach(() => {
  reader.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Another process that reads the database as it is now, and stays at it until it is told that it may end. */
const startReader = async () => {
  const script = `import Database from 'libsql';
    const database = new Database(process.argv[1]);
    database.exec('BEGIN');
    database.prepare('SELECT count(*) FROM events').raw().all([]);
    process.stdout.write('reading');
    process.stdin.resume();`;
  const url = `${pathToFileURL(file).href}?mode=ro`;
  reader = spawn(process.execPath, ['--input-type=module', '-e', script, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(reader.stdout as NodeJS.EventEmitter, 'data');
};

const endReader = async () => {
  const exited = once(reader, 'exit');
  reader.stdin?.end();
  await exited;
};

/** Appends one event and gives the number of events in the log. */
const use = async (server: ServerProcess): Promise<number> => {
  const client = EventStoreDBClient.connectionString(await server.url);
  const { position } = await client.appendToStream('a', binaryEvent({ type: 'Counted', data: Buffer.alloc(100) }));
  await client.dispose();
  return Number(position?.commit);
};

it.each(['SIGTERM', 'SIGKILL'] as const)('ends by %s and starts while another process reads', async (signal) => {
  const first = startServerProcess(file);
  expect(await use(first)).toBe(1);
  await startReader();
  expect(await use(first)).toBe(2);
  first.kill(signal);
  expect(await first.exited).toMatchObject({ code: signal === 'SIGTERM' ? 0 : null, errors: '' });
  const second = startServerProcess(file);
  expect(await use(second)).toBe(3);
  second.kill(signal);
  await second.exited;
  await endReader();
  const third = startServerProcess(file);
  expect(await use(third)).toBe(4);
  third.kill('SIGTERM');
  await third.exited;
  expect(existsSync(`${file}-wal`)).toBe(false);
});
