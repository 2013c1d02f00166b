import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeGateway, type Came, type FakeGateway, type Told } from '../testing/fake-gateway.js';
import type { StoredEvent } from './answers.js';
import { openAudit } from './audit-api.js';
import { auditProgram } from './program.js';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

type Answers = Readonly<Record<string, Told | ((came: Came) => Told | undefined)>>;

/** Answers by method and path below `/api/v1/audit`, and lets everybody in. */
const answers = (table: Answers) =>
  gateway.answer((came) => {
    if (came.path === '/api/v1/auth/token') return { body: { accessToken: 'access', refreshToken: 'refresh' } };
    const answer = table[`${came.method} ${came.path.replace('/api/v1/audit', '')}`];
    return typeof answer === 'function' ? answer(came) : (answer ?? { status: 404 });
  });

/** Runs the command line in this process. */
const run = async (...args: readonly string[]) => {
  const printed: string[] = [];
  const noted: string[] = [];
  const progress: string[] = [];
  let code = 0;
  const { signal } = new AbortController();
  const program = auditProgram(
    {
      open: () => openAudit(gateway.url, { email: 'auditor@example.org', password: 'who watches' }, signal),
      print: (text) => Promise.resolve(void printed.push(text)),
      note: (text) => void noted.push(text),
      openProgress: () => ({ say: (text) => void progress.push(text), end: () => undefined }),
      signal,
    },
    (given) => (code = given),
  );
  await program.parseAsync(args, { from: 'user' });
  return { printed: printed.join('\n'), noted, progress, code };
};

const event = (revision: number): StoredEvent => ({
  ...{ position: String(100 + revision), stream: 'order-1', revision, id: `id-${revision}`, type: 'OrderPlaced' },
  ...{ data: { orderId: '1' }, metadata: { actor: 'ada' }, created: '2026-01-31T09:30:00.000Z' },
});

describe('stream', () => {
  const page = { items: [event(0), event(1)], nextCursor: '2', previousCursor: null };

  it('is a table that says where it goes on', async () => {
    answers({ 'GET /streams/order-1?limit=2&direction=forwards': { body: page } });
    const { printed, noted } = await run('stream', 'order-1', '--limit', '2');
    expect(printed).toMatch(/│ 1 +│ 101 +│ 2026-01-31T09:30:00.000Z │ OrderPlaced │ ada │ {"orderId":"1"} │/);
    expect(noted).toEqual(['There are more: npm run audit -- stream order-1 --from 2 --limit 2']);
  });

  it('is what was answered, as JSON', async () => {
    answers({ 'GET /streams/order-1?from=1&direction=backwards': { body: page } });
    const { printed } = await run('stream', 'order-1', '--from', '1', '--backwards', '--json');
    expect(JSON.parse(printed)).toEqual(page);
  });
});

describe('events', () => {
  const line = (revision: number) => `${JSON.stringify(event(revision))}\n`;
  const sending = (text: string, isBroken = false) => {
    return (_: Came, response: Parameters<Parameters<FakeGateway['answer']>[0]>[1]) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(text, () => (isBroken ? response.destroy() : response.end()));
    };
  };
  const inTurn = (table: Readonly<Record<string, ReturnType<typeof sending>>>) =>
    gateway.answer((came, response) => {
      if (came.path === '/api/v1/auth/token') return { body: { accessToken: 'access', refreshToken: 'refresh' } };
      table[came.path.replace('/api/v1/audit/events', '')]?.(came, response);
      return undefined;
    });

  it('are a line each', async () => {
    inTurn({ '?category=order&correlationId=c': sending(line(0) + line(1)) });
    const { printed } = await run('events', '--category', 'order', '--correlation', 'c');
    expect(printed.split('\n').map((each) => each.trim().split(/ {2,}/))).toEqual([
      ['100', '2026-01-31T09:30:00.000Z', 'OrderPlaced', 'order-1 0', 'ada'],
      ['101', '2026-01-31T09:30:00.000Z', 'OrderPlaced', 'order-1 1', 'ada'],
    ]);
  });

  it('go on after the last that came whole when the connection breaks, and say so', async () => {
    inTurn({
      '?after=7': sending(line(0) + line(1) + line(2).slice(0, 20), true),
      '?after=101': sending(line(2)),
    });
    const { printed, noted } = await run('events', '--after', '7', '--json');
    expect(`${printed}\n`).toBe(line(0) + line(1) + line(2));
    expect(noted).toEqual(['The connection broke; going on after position 101']);
  });

  it('are given up where nothing comes between two breaks', async () => {
    inTurn({ '': sending(line(0), true), '?after=100': sending(' ', true) });
    await expect(run('events')).rejects.toMatchObject({ name: 'TypeError' });
    expect(gateway.came.map(({ path }) => path).filter((path) => path.includes('events'))).toHaveLength(2);
  });
});

describe('state', () => {
  const then = { stream: 'order-1', revision: 5, at: '2026-01-31T09:30:00.000Z', state: { status: 'PAID' } };
  const difference = {
    ...{ stream: 'order-1', from: { revision: 2, at: '2026-01-30T09:30:00.000Z' }, to: { revision: 5, at: then.at } },
    changes: [
      { path: '/status', before: 'PENDING', after: 'PAID' },
      { path: '/payment', after: {} },
    ],
  };

  it('is that of the last event where no point is named', async () => {
    answers({
      'GET /streams/order-1?limit=1&direction=backwards': { body: { items: [event(5)] } },
      'GET /streams/order-1/state?revision=5': { body: then },
    });
    expect((await run('state', 'order-1')).printed).toBe(
      'order-1 at revision 5, 2026-01-31T09:30:00.000Z\n{\n  "status": "PAID"\n}',
    );
  });

  it.each([
    ['a revision', '2', 'fromRevision=2'],
    ['an instant', '2026-01-30T09:30:00Z', 'fromAt=2026-01-30T09%3A30%3A00Z'],
  ])('is held against that at %s', async (_, against, asked) => {
    answers({
      'GET /streams/order-1/state?at=2026-01-31T09%3A30%3A00Z': { body: then },
      [`GET /streams/order-1/difference?${asked}&toRevision=5`]: { body: difference },
    });
    const args = ['state', 'order-1', '--at', '2026-01-31T09:30:00Z', '--against', against];
    const { printed } = await run(...args);
    expect(printed).toMatch(/│ \/status +│ "PENDING" +│ "PAID" │/);
    expect(printed).toMatch(/│ \/payment +│ \(not there\) +│ {}/);
    expect(JSON.parse((await run(...args, '--json')).printed)).toEqual({ ...then, difference });
  });
});

describe('replay', () => {
  const running = {
    ...{ id: 'r1', view: 'stock', at: '42', position: '42', state: 'running', progress: { done: 1, total: 2 } },
    ...{ rows: null, checksum: null, difference: null },
  };
  const difference = { added: 1, missing: 0, changed: 2, keys: ['mug', 'lamp'] };
  const done = { ...running, state: 'done', progress: { done: 2, total: 2 }, rows: 3, checksum: 'abc', difference };

  it('is followed to its end', async () => {
    answers({ 'POST /replays': { status: 202, body: running }, 'GET /replays/r1': { body: done } });
    const { printed, progress, code } = await run('replay', 'stock', '--at', '42');
    expect(gateway.came.find(({ method, path }) => method === 'POST' && path.endsWith('/replays'))?.body).toBe(
      '{"view":"stock","at":"42"}',
    );
    expect(progress).toEqual([`stock [${'#'.repeat(15)}${'-'.repeat(15)}]  50 % 1 of 2`]);
    expect(printed).toContain('stock as it was at 42: 3 rows, checksum abc');
    expect(printed).toContain('1 added, 0 missing, 2 changed: mug, lamp');
    expect(code).toBe(0);
  });

  it('that failed is told by the exit code', async () => {
    answers({ 'POST /replays': { status: 202, body: { ...running, state: 'failed' } } });
    expect(await run('replay', 'stock', '--at', '42')).toMatchObject({ code: 1 });
  });

  it('is listed, its rows are shown, and it is dropped', async () => {
    answers({
      'GET /replays': { body: { items: [done, running], nextCursor: null } },
      'GET /replays/r1/rows?limit=100': {
        body: { items: [{ key: 'mug', row: { n: 1 }, position: '4' }], nextCursor: 'x' },
      },
      'GET /replays/r1/rows?limit=100&cursor=x': {
        body: { items: [{ key: 'cup', row: {}, position: null }], nextCursor: null },
      },
      'DELETE /replays/r1': { status: 204 },
    });
    expect((await run('replay', '--list')).printed).toMatch(/│ done +│ 3 +│ abc +│ 1 added, 0 missing, 2 changed/);
    expect((await run('replay', '--rows', 'r1')).printed).toMatch(/│ mug │ 4 +│ {"n":1}/);
    expect((await run('replay', '--rows', 'r1', '--json')).printed.split('\n')).toEqual([
      '{"key":"mug","row":{"n":1},"position":"4"}',
      '{"key":"cup","row":{},"position":null}',
    ]);
    expect((await run('replay', '--drop', 'r1')).printed).toBe('The replay r1 was dropped.');
  });

  it('wants a view and a point', async () => {
    await expect(run('replay', 'stock')).rejects.toThrow('Name a view and --at');
  });
});

describe('verify', () => {
  const running = { id: 'v1', state: 'running', progress: { done: 0, total: 0 } };
  const done = {
    id: 'v1',
    state: 'done',
    progress: { done: 9, total: 9 },
    through: '900',
    checkpoint: 'evermart\n9\n',
  };
  const firstDifference = { position: '77', stream: 'order-1', revision: 3, kind: 'changed' };

  it.each([
    ['intact', 0, { ...done, intact: true }, 'Intact: everything up to position 900.\nevermart\n9'],
    [
      ...(['different', 1, { ...done, intact: false, firstDifference }] as const),
      'Different from position 77 on, stream order-1, revision 3: changed',
    ],
    ['not known', 2, { ...running, state: 'failed' }, 'The verification v1 could not be completed; nothing is known.'],
  ])('says %s with its words and its exit code %d', async (_, code, ended, words) => {
    answers({ 'POST /verifications': { status: 202, body: running }, 'GET /verifications/v1': { body: ended } });
    const outcome = await run('verify');
    expect(outcome).toMatchObject({ code, printed: words });
    expect(outcome.progress).toEqual([`[${'-'.repeat(30)}]   ? %`]);
    expect(JSON.parse((await run('verify', '--json')).printed)).toEqual(ended);
  });
});

describe('export', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evermart-export-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('puts what is asked for into the file', async () => {
    answers({ 'POST /exports': { body: { some: 'bytes' } } });
    const out = join(folder, 'order.tar.gz');
    const { printed } = await run('export', '--stream', 'order-1', '--out', out);
    expect(gateway.came.at(-1)?.body).toBe('{"stream":"order-1"}');
    expect(await readFile(out, 'utf8')).toBe('{"some":"bytes"}');
    expect(printed).toContain(`npm run audit -- check ${out} --key public-key.pem`);
  });

  it('is not asked for again where it took too long', async () => {
    const body = { code: 'service.timeout', detail: 'The auditor took too long; try again, or export less' };
    answers({ 'POST /exports': { status: 504, body } });
    const refused = run('export', '--stream', 'order-1', '--out', join(folder, 'order.tar.gz'));
    await expect(refused).rejects.toMatchObject({ code: 'service.timeout' });
    expect(gateway.came.filter(({ path }) => path.endsWith('/exports'))).toHaveLength(1);
  });

  it('leaves nothing of a bundle that breaks off', async () => {
    answers({});
    gateway.answer(({ path }, response) => {
      if (path === '/api/v1/auth/token') return { body: { accessToken: 'access', refreshToken: 'refresh' } };
      response.writeHead(200).write('half of', () => response.destroy());
      return undefined;
    });
    const refused = run('export', '--from', 'a', '--to', 'b', '--out', join(folder, 'period.tar.gz'));
    await expect(refused).rejects.toMatchObject({ name: 'TypeError' });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([[[]], [['--from', 'a']], [['--stream', 's', '--correlation', 'c']]])(
    'wants one selection, not %j',
    async (selection) => {
      await expect(run('export', ...selection, '--out', '/nowhere/x')).rejects.toThrow('Give one of');
    },
  );
});

it('explains each command with examples', () => {
  const program = auditProgram({} as never, () => undefined);
  for (const command of program.commands) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toContain(`Examples:\n  npm run audit -- ${command.name()}`);
    expect(help).toContain('--json');
  }
  expect(program.commands.map((each) => each.name())).toEqual([
    'stream',
    'events',
    'state',
    'replay',
    'verify',
    'export',
    'check',
  ]);
});
