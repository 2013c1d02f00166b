import type { Came, FakeGateway } from '../testing/fake-gateway.js';
import { event, startAuditCommandLine, tokens } from '../testing/audit-command-line.js';

let commandLine: Awaited<ReturnType<typeof startAuditCommandLine>>;
beforeEach(async () => {
  commandLine = await startAuditCommandLine();
});
afterEach(() => commandLine.gateway.close());

describe('stream', () => {
  const page = { items: [event(0), event(1)], nextCursor: '2', previousCursor: null };

  it('is a table that says where it goes on', async () => {
    commandLine.answers({ 'GET /streams/order-1?limit=2&direction=forwards': { body: page } });
    const { printed, noted } = await commandLine.run('stream', 'order-1', '--limit', '2');
    expect(printed).toMatch(/│ 1 +│ 101 +│ 2026-01-31T09:30:00.000Z │ OrderPlaced │ ada │ {"orderId":"1"} │/);
    expect(noted).toEqual(['There are more: npm run audit -- stream order-1 --from 2 --limit 2']);
  });

  it('is what was answered, as JSON', async () => {
    commandLine.answers({ 'GET /streams/order-1?from=1&direction=backwards': { body: page } });
    const { printed } = await commandLine.run('stream', 'order-1', '--from', '1', '--backwards', '--json');
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
    commandLine.gateway.answer((came, response) => {
      if (came.path === '/api/v1/auth/token') return { body: tokens };
      table[came.path.replace('/api/v1/audit/events', '')]?.(came, response);
      return undefined;
    });

  it('are a line each', async () => {
    inTurn({ '?category=order&correlationId=c': sending(line(0) + line(1)) });
    const { printed } = await commandLine.run('events', '--category', 'order', '--correlation', 'c');
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
    const { printed, noted } = await commandLine.run('events', '--after', '7', '--json');
    expect(`${printed}\n`).toBe(line(0) + line(1) + line(2));
    expect(noted).toEqual(['The connection broke; going on after position 101']);
  });

  it('are given up where nothing comes between two breaks: says where, how to go on, and what may be wrong', async () => {
    inTurn({ '': sending(line(0), true), '?after=100': sending(' ', true) });
    const { printed, noted, error } = await commandLine.attempt('events', '--json');
    expect(`${printed}\n`).toBe(line(0));
    expect(noted).toEqual([
      'The connection broke; going on after position 100',
      'Cut off after position 100; the same command with --after 100 goes on there.',
    ]);
    expect(error).toMatchObject({ message: expect.stringContaining('The record may be damaged there') as string });
    expect(commandLine.gateway.came.map(({ path }) => path).filter((path) => path.includes('events'))).toHaveLength(2);
  });

  it('say where they were cut off when going on is refused', async () => {
    commandLine.gateway.answer((came, response) => {
      if (came.path === '/api/v1/auth/token') return { body: tokens };
      if (came.path.endsWith('after=100'))
        return { status: 403, body: { code: 'auth.forbidden', detail: 'Not any more' } };
      sending(line(0), true)(came, response);
      return undefined;
    });
    const { noted, error } = await commandLine.attempt('events');
    expect(noted.at(-1)).toContain('--after 100');
    expect(error).toMatchObject({ code: 'auth.forbidden' });
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
    commandLine.answers({
      'GET /streams/order-1?limit=1&direction=backwards': { body: { items: [event(5)] } },
      'GET /streams/order-1/state?revision=5': { body: then },
    });
    expect((await commandLine.run('state', 'order-1')).printed).toBe(
      'order-1 at revision 5, 2026-01-31T09:30:00.000Z\n{\n  "status": "PAID"\n}',
    );
  });

  it.each([
    ['a revision', '2', 'fromRevision=2'],
    ['an instant', '2026-01-30T09:30:00Z', 'fromAt=2026-01-30T09%3A30%3A00Z'],
  ])('is held against that at %s', async (_, against, asked) => {
    commandLine.answers({
      'GET /streams/order-1/state?at=2026-01-31T09%3A30%3A00Z': { body: then },
      [`GET /streams/order-1/difference?${asked}&toRevision=5`]: { body: difference },
    });
    const args = ['state', 'order-1', '--at', '2026-01-31T09:30:00Z', '--against', against];
    const { printed } = await commandLine.run(...args);
    expect(printed).toMatch(/│ \/status +│ "PENDING" +│ "PAID" │/);
    expect(printed).toMatch(/│ \/payment +│ \(not there\) +│ {}/);
    expect(JSON.parse((await commandLine.run(...args, '--json')).printed)).toEqual({ ...then, difference });
  });
});
