import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { counted } from '../testing/events.js';
import { runMain } from '../testing/server-process.js';
import { backUp } from './backup.js';
import { openLog, type EventLog } from './event-log.js';

let folder: string;
let file: string;
let copy: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-store-'));
  [file, copy] = [join(folder, 'events.db'), join(folder, 'copy.db')];
});
afterEach(() => rm(folder, { recursive: true }));

const append = (log: EventLog, count: number) =>
  log.write((writes) =>
    writes.append(
      'counter',
      'any',
      Array.from({ length: count }, () => {
        const none = new Uint8Array(0);
        return { id: randomUUID(), type: 'Counted', isJson: true, metadata: none, data: Buffer.from('{}') };
      }),
    ),
  );

const idsIn = (log: EventLog) => log.reads.stream('counter', 'forwards', 0).map(({ id }) => id);

const idsInCopy = () => {
  const log = openLog(copy);
  const ids = idsIn(log);
  log.close();
  return ids;
};

it('copies a store that is open, which goes on', async () => {
  const log = openLog(file);
  await append(log, 20);
  const ids = idsIn(log);
  backUp(file, copy);
  await append(log, 5);
  expect(idsInCopy()).toEqual(ids);
  expect(idsIn(log)).toHaveLength(25);
  log.close();
});

it('copies a store that is closed', async () => {
  const log = openLog(file);
  await append(log, 20);
  const ids = idsIn(log);
  log.close();
  backUp(file, copy);
  expect(idsInCopy()).toEqual(ids);
});

it('copies a store whose server was killed, which starts again afterwards', async () => {
  const server = runMain('--db', file, '--port', '0');
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const client = EventStoreDBClient.connectionString(/esdb:\S+/.exec(line.toString())?.[0] ?? '');
  await client.appendToStream('counter', counted(20));
  server.kill('SIGKILL');
  await once(server, 'exit');
  await client.dispose();
  backUp(file, copy);
  expect(idsInCopy()).toHaveLength(20);
  const log = openLog(file);
  expect(idsIn(log)).toEqual(idsInCopy());
  log.close();
});

it('replaces no file', async () => {
  openLog(file).close();
  await writeFile(copy, 'something else');
  expect(() => backUp(file, copy)).toThrow('is there already');
});

it('makes no file of a store that is not there, or is none', async () => {
  expect(() => backUp(file, copy)).toThrow('There is no database');
  await writeFile(file, 'hello '.repeat(1_000));
  expect(() => backUp(file, copy)).toThrow('is not an SQLite database');
  expect(existsSync(copy)).toBe(false);
});

it('leaves nothing half-written', async () => {
  const log = openLog(file);
  await append(log, 20);
  await writeFile(`${copy}.part`, 'the beginning of an earlier copy');
  backUp(file, copy);
  log.close();
  expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([]);
});
