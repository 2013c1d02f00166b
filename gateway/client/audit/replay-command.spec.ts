import { startAuditCommandLine } from '../testing/audit-command-line.js';

let commandLine: Awaited<ReturnType<typeof startAuditCommandLine>>;
beforeEach(async () => {
  commandLine = await startAuditCommandLine();
});
afterEach(() => commandLine.gateway.close());

describe('replay', () => {
  const running = {
    ...{ id: 'r1', view: 'stock', at: '42', position: '42', state: 'running', progress: { done: 1, total: 2 } },
    ...{ rows: null, checksum: null, parkedKeys: null, difference: null },
  };
  const difference = { added: 1, missing: 0, changed: 2, keys: ['mug', 'lamp'] };
  const done = {
    ...running,
    state: 'done',
    progress: { done: 2, total: 2 },
    rows: 3,
    checksum: 'abc',
    difference,
    parkedKeys: 0,
  };

  it('is followed to its end', async () => {
    commandLine.answers({ 'POST /replays': { status: 202, body: running }, 'GET /replays/r1': { body: done } });
    const { printed, progress, code } = await commandLine.run('replay', 'stock', '--at', '42');
    expect(
      commandLine.gateway.came.find(({ method, path }) => method === 'POST' && path.endsWith('/replays'))?.body,
    ).toBe('{"view":"stock","at":"42"}');
    expect(progress).toEqual([`stock: [${'#'.repeat(15)}${'-'.repeat(15)}]  50 % 1 of 2`]);
    expect(printed).toContain('stock as it was at 42: 3 rows, checksum abc');
    expect(printed).toContain('1 added, 0 missing, 2 changed: mug, lamp');
    expect(code).toBe(0);
  });

  it('that is done although keys lack events says so', async () => {
    commandLine.answers({
      'POST /replays': { status: 202, body: { ...done, parkedKeys: 2 } },
      'GET /replays': { body: { items: [{ ...done, parkedKeys: 1 }, done], nextCursor: null } },
    });
    const { printed } = await commandLine.run('replay', 'stock', '--at', '42');
    expect(printed).toContain('\n2 keys lack events that could not be applied: it is not all that the view was.\n');
    const list = (await commandLine.run('replay', '--list')).printed;
    expect(list).toContain('│ done, but 1 key lacks events that could not be applied │');
    expect(list).toMatch(/│ done +│/);
  });

  it('that nobody begins says who is to', async () => {
    const looks = [running, running, running, running, running, done];
    const waiting = { ...running, progress: { done: 0, total: 0 } };
    commandLine.answers({
      'POST /replays': { status: 202, body: waiting },
      'GET /replays/r1': () => ({ body: looks.shift() === done ? done : waiting }),
    });
    const { progress } = await commandLine.run('replay', 'stock', '--at', '42');
    expect(progress[0]).toBe(`stock: [${'-'.repeat(30)}]   ? %`);
    expect(progress.at(-1)).toBe('stock: The process of the projections has not begun; is it running?');
  });

  it('that failed is told by the exit code', async () => {
    commandLine.answers({ 'POST /replays': { status: 202, body: { ...running, state: 'failed' } } });
    expect(await commandLine.run('replay', 'stock', '--at', '42')).toMatchObject({ code: 1 });
    expect(await commandLine.attemptUnread('replay', 'stock', '--at', '42')).toMatchObject({ code: 1 });
  });

  it('is listed, its rows are shown, and it is dropped', async () => {
    commandLine.answers({
      'GET /replays': { body: { items: [done, running], nextCursor: null } },
      'GET /replays/r1/rows?limit=100': {
        body: { items: [{ key: 'mug', row: { n: 1 }, position: '4' }], nextCursor: 'x' },
      },
      'GET /replays/r1/rows?limit=100&cursor=x': {
        body: { items: [{ key: 'cup', row: {}, position: '5' }], nextCursor: null },
      },
      'DELETE /replays/r1': { status: 204 },
    });
    expect((await commandLine.run('replay', '--list')).printed).toMatch(
      /│ done +│ 3 +│ abc +│ 1 added, 0 missing, 2 changed/,
    );
    expect((await commandLine.run('replay', '--rows', 'r1')).printed).toMatch(/│ mug │ 4 +│ {"n":1}/);
    expect((await commandLine.run('replay', '--rows', 'r1', '--json')).printed.split('\n')).toEqual([
      '{"key":"mug","row":{"n":1},"position":"4"}',
      '{"key":"cup","row":{},"position":"5"}',
    ]);
    expect((await commandLine.run('replay', '--drop', 'r1')).printed).toBe('The replay r1 was dropped.');
  });

  it('wants a view and a point', async () => {
    await expect(commandLine.run('replay', 'stock')).rejects.toThrow('Name a view and --at');
  });
});
