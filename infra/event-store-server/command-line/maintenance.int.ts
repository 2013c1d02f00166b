import { dirname, join } from 'node:path';
import { counted } from '../testing/events.js';
import { ops, startSecureStore } from '../testing/secure-store.js';
import { runToEnd } from '../testing/server-process.js';
import { startStore, type TestStore } from '../testing/store.js';

let store: TestStore;
let url: string;
beforeEach(async () => {
  store = await startStore();
  url = `http://127.0.0.1:${store.server.port}`;
  await store.client.appendToStream('deleted', counted(10));
  await store.client.appendToStream('kept', counted(3));
  await store.client.deleteStream('deleted');
});
afterEach(() => store.end());

describe('beside a server that runs', () => {
  it('copies, scavenges and checks', async () => {
    const copy = join(dirname(store.file), 'copy.db');
    const backedUp = await runToEnd(['backup', '--db', store.file, '--to', copy, '--json']);
    expect(JSON.parse(backedUp.output)).toEqual({ file: copy, bytes: expect.any(Number) as number });
    expect(await runToEnd(['scavenge', '--url', url])).toMatchObject({ code: 0, output: '9 events were removed\n' });
    const checked = await runToEnd(['check', '--db', store.file, '--json']);
    expect(JSON.parse(checked.output)).toEqual({ events: 5, streams: 3, findings: [] });
    expect(await runToEnd(['check', '--db', copy])).toMatchObject({
      code: 0,
      output: '14 events of 3 streams are as they were written\n',
    });
    expect(await runToEnd(['scavenge', '--db', copy, '--json'])).toMatchObject({ output: '{"removed":9}\n' });
  });

  it('leaves its file to the server', async () =>
    expect(await runToEnd(['scavenge', '--db', store.file])).toEqual({
      code: 1,
      output: '',
      errors: `event store: ${store.file} is open in a server: ask the server with --url\n`,
    }));

  it('needs a user where the server does', async () => {
    const secure = await startSecureStore();
    const address = ['--url', `https://127.0.0.1:${secure.server.port}`, '--tls-ca', secure.caFile];
    expect(await runToEnd(['scavenge', ...address])).toMatchObject({
      code: 1,
      errors: expect.stringContaining('The name and the password of a user are needed') as string,
    });
    expect(await runToEnd(['scavenge', ...address, '--user', ops.name], ops.password)).toMatchObject({ code: 0 });
    await secure.end();
  });
});

it.each([
  ['a copy over a file', (file: string) => ['backup', '--db', file, '--to', file], 'is there already'],
  ['a backup of nothing', (file: string) => ['backup', '--db', `${file}.no`, '--to', 'x'], 'There is no database'],
  ['a scavenge of nothing', (file: string) => ['scavenge', '--db', `${file}.no`], 'There is no database'],
  ['a scavenge of neither', () => ['scavenge'], 'Name either a file with --db or a running server with --url'],
  ['a server that is not there', () => ['scavenge', '--url', 'http://127.0.0.1:1'], 'does not answer'],
  ['a check of nothing', (file: string) => ['check', '--db', `${file}.no`], 'There is no database'],
  ['an address that is none', () => ['scavenge', '--url', 'esdb://127.0.0.1:1'], 'is no http:// or https:// address'],
  ['users of nothing', (file: string) => ['users', 'list', '--db', `${file}.no`], 'There is no database'],
])('refuses %s', async (_what, args, sentence) =>
  expect(await runToEnd(args(store.file))).toMatchObject({
    code: 1,
    errors: expect.stringContaining(sentence) as string,
  }),
);

it('lets no page of another origin begin a scavenge, and no two run at once', async () => {
  const post = (headers = {}) => fetch(`${url}/admin/scavenge`, { method: 'POST', headers });
  expect((await post({ origin: 'http://example.org' })).status).toBe(403);
  expect(await (await fetch(`${url}/admin/scavenge`)).json()).toEqual({ state: 'none' });
  const answers = await Promise.all([post(), post(), post()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
});
