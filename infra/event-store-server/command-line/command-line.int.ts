import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AccessDeniedError, EventStoreDBClient } from '@eventstore/db-client';
import { collect, counted } from '../testing/events.js';
import { runMain, runToEnd, type ServerProcess } from '../testing/server-process.js';

let folder: string;
let file: string;
const children: ServerProcess[] = [];
const clients: EventStoreDBClient[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-store-'));
  file = join(folder, 'events.db');
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const password = 'correct horse battery';
const setUser = (name: string, input = `${password}\n`) => runToEnd(['users', 'set', name, '--db', file], input);
const listUsers = async () => (await runToEnd(['users', 'list', '--db', file])).output;

const start = async (...options: string[]) => {
  const child = runMain('--db', file, '--port', '0', ...options);
  children.push(child);
  const ended = once(child, 'exit').then(async () => {
    throw new Error(await text(child.stderr));
  });
  const [output] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
  ended.catch(() => undefined);
  return { child, lines: output.toString().trimEnd().split('\n') };
};

const clientOf = (line: string | undefined, name = 'ops') => {
  const url = /^ {2}connect with (esdb:\/\/.*)$/.exec(line ?? '')?.[1] as string;
  const string = url.replace('<name>', name).replace('<password>', encodeURIComponent(password));
  const client = EventStoreDBClient.connectionString(string.replace(`@${hostname()}:`, '@127.0.0.1:'));
  clients.push(client);
  return client;
};

describe('users', () => {
  it('are set, listed and removed', async () => {
    expect(await setUser('ops')).toEqual({ code: 0, output: 'user ops is set\n', errors: '' });
    expect(await setUser('app')).toMatchObject({ code: 0 });
    expect(await setUser('ops', 'another password')).toMatchObject({ code: 0 });
    expect(await listUsers()).toBe('app\nops\n');
    const json = await runToEnd(['users', 'list', '--json', '--db', file]);
    expect(JSON.parse(json.output)).toEqual([{ name: 'app' }, { name: 'ops' }]);
    expect(await runToEnd(['users', 'remove', 'app', '--db', file])).toMatchObject({ code: 0 });
    expect(await listUsers()).toBe('ops\n');
  });

  it('may be none', async () => {
    await setUser('ops');
    await runToEnd(['users', 'remove', 'ops', '--db', file]);
    expect(await listUsers()).toBe('there are no users\n');
  });

  it.each([
    ['a password that is short', 'ops', 'short\n', 'A password has 12 to 256 characters'],
    ['no password', 'ops', '', 'No password was given'],
    ['a name that cannot be sent', 'o:ps', `${password}\n`, 'cannot be the name of a user'],
  ])('are refused with %s', async (_what, name, input, sentence) => {
    expect(await setUser(name, input)).toMatchObject({
      code: 1,
      output: '',
      errors: expect.stringContaining(`event store: ${sentence}`.replace('event store: cannot', 'cannot')) as string,
    });
    expect(existsSync(file)).toBe(false);
  });

  it('cannot be removed when they are not there', async () => {
    await setUser('app');
    expect(await runToEnd(['users', 'remove', 'ops', '--db', file])).toMatchObject({
      code: 1,
      errors: `event store: There is no user ops in ${file}: see evermart-eventstore users list --db ${file}\n`,
    });
  });

  it('can be changed while the server runs', async () => {
    const { lines } = await start('--tls');
    expect(lines[3]).toBe(`  nobody can before there is a user: evermart-eventstore users set <name> --db ${file}`);
    const client = clientOf(lines[2]);
    await expect(client.appendToStream('a', counted(1))).rejects.toBeInstanceOf(AccessDeniedError);
    expect(await setUser('ops')).toMatchObject({ code: 0 });
    expect((await client.appendToStream('a', counted(1))).success).toBe(true);
    expect(await collect(client.readStream('a'))).toHaveLength(1);
    expect(await runToEnd(['users', 'remove', 'ops', '--db', file])).toMatchObject({ code: 0 });
    await expect(collect(client.readStream('a'))).rejects.toBeInstanceOf(AccessDeniedError);
  });
});

describe('beyond loopback', () => {
  const command = () => `  evermart-eventstore --db ${file} --port 2113 --host 0.0.0.0 --tls`;
  const setCommand = () => `  evermart-eventstore users set <name> --db ${file}`;
  const refusal = async (...options: string[]) => {
    const { code, errors, output } = await runToEnd(['--db', file, '--host', '0.0.0.0', ...options]);
    expect({ code, output }).toEqual({ code: 1, output: '' });
    return errors.split('\n');
  };
  const sentence =
    'event store: On 0.0.0.0 others can reach the event store: it listens there with TLS and at least one user only. Run';
  const alternative = '(or, with a certificate of yours, --tls-certificate <pem> --tls-key <pem> in place of --tls)';

  it('listens neither without TLS nor without a user, and says what to run', async () => {
    expect(await refusal()).toEqual([sentence, setCommand(), command(), alternative, '']);
    expect(await refusal('--tls')).toEqual([sentence, setCommand(), command(), alternative, '']);
    await setUser('ops');
    expect(await refusal()).toEqual([sentence, command(), alternative, '']);
  });

  it('listens with both, and says how to connect', async () => {
    await setUser('ops');
    const { child, lines } = await start('--host', '0.0.0.0', '--tls');
    const caFile = `${file}.certificate.pem`;
    const url = new RegExp(`^event store ready on esdb://${hostname()}:\\d+\\?tls=true&tlsCAFile=(.*)$`);
    expect(decodeURIComponent(url.exec(lines[0] ?? '')?.[1] ?? '')).toBe(caFile);
    expect(lines.slice(1)).toEqual([
      `  clients trust it by ${caFile}`,
      expect.stringContaining('connect with esdb://'),
    ]);
    expect((await clientOf(lines[2]).appendToStream('a', counted(1))).success).toBe(true);
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  it('takes the certificate that it is given', async () => {
    await setUser('ops');
    const made = await start('--tls');
    made.child.kill('SIGTERM');
    await once(made.child, 'exit');
    const files = [`${file}.certificate.pem`, `${file}.key.pem`] as const;
    const { lines } = await start('--host', '0.0.0.0', '--tls-certificate', files[0], '--tls-key', files[1]);
    expect(lines[0]).toMatch(/^event store ready on esdb:\/\/.*\?tls=true$/);
    const client = clientOf(`${lines[1] ?? ''}&tlsCAFile=${files[0]}`);
    expect((await client.appendToStream('a', counted(1))).success).toBe(true);
  });
});

it('wants a certificate and its key together', async () =>
  expect(await runToEnd(['--db', file, '--tls-key', 'key.pem'])).toEqual({
    code: 1,
    output: '',
    errors: 'event store: --tls-certificate and --tls-key belong together: give both\n',
  }));

it('ends on SIGTERM while connections are open that say nothing', async () => {
  const { child, lines } = await start();
  const socket = connect(Number(/:(\d+)\?/.exec(lines[0] ?? '')?.[1]), '127.0.0.1');
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
  if (!socket.closed) await once(socket, 'close');
});

it.each([
  [['--help'], ['--db', '--port', '--host', '--tls', '--tls-certificate', '--tls-key', 'users']],
  [
    ['users', '--help'],
    ['set', 'remove', 'list'],
  ],
  [
    ['users', 'set', '--help'],
    ['<name>', '--db'],
  ],
  [
    ['users', 'list', '--help'],
    ['--json', '--db'],
  ],
])('explains %j', async (args, words) => {
  const { code, output } = await runToEnd(args);
  expect(code).toBe(0);
  for (const word of words) expect(output).toContain(word);
});

it.each([
  [[], "required option '--db <file>' not specified"],
  [['users', 'set', 'ops'], "required option '--db <file>' not specified"],
  [['--db', 'x', '--port', '65536'], 'It must be 0 to 65535.'],
  [['unknown', '--db', 'x'], 'too many arguments'],
  [['--db', 'x', '--unknown'], "unknown option '--unknown'"],
])('refuses %j as a usage error', async (args, sentence) => {
  const { code, errors } = await runToEnd(args);
  expect({ code, errors }).toEqual({ code: 1, errors: expect.stringContaining(sentence) as string });
});
