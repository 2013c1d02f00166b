import { setTimeout as wait } from 'node:timers/promises';
import { startEngines, type EnginesForTests } from '../../../infra/engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../../../infra/postgres/postgres.js';
import { startProxy, type Proxy } from '../../runner/testing/proxy.js';
import { createChangeWriter, type ChangeWriter } from '../testing/change-writer.js';
import { listenToFeed } from '../testing/listener.js';
import { listeningLog } from '../../runner/testing/told.js';
import type { View } from '../view.js';
import { createChangeFeed, type ChangeFeed } from './change-feed.js';
import { readChangeLog, type Change } from './change-log.js';

let engines: EnginesForTests;
let postgres: Postgres;
let proxy: Proxy;
let behindProxy: Postgres;
let view: View;
let writer: ChangeWriter;
let feed: ChangeFeed<object>;
let lines: ReturnType<typeof listeningLog>;
let views = 0;

const change = (position: number | bigint, key = 'a'): Change => ({
  position: BigInt(position),
  key,
  change: { at: String(position) },
});
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => change(from + index));
const places = (changes: readonly Change[]) => changes.map(({ position, key }) => `${position}${key}`);

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
});
beforeEach(async () => {
  views += 1;
  view = { name: `things${views}`, version: 1, categories: ['thing'] };
  proxy = await startProxy(engines.env.POSTGRES_URL);
  behindProxy = createPostgres(proxy.url);
  writer = createChangeWriter(postgres, view);
  lines = listeningLog();
  feed = createChangeFeed({ postgres: behindProxy, log: lines.log }, view);
});
afterEach(async () => {
  await feed.stop();
  await behindProxy.end();
  await proxy.close();
});
afterAll(async () => {
  await postgres.end();
  await engines.stop();
});

/** How many connections listen to changes. */
const listening = async (): Promise<number> => {
  const { rows } = await postgres.query<{ count: number }>(
    `select count(*)::integer as count from pg_stat_activity where query = 'listen view_changes'`,
  );
  return rows[0]?.count ?? 0;
};
const untilListening = async (count: number) => {
  while ((await listening()) !== count) await wait(10);
};

describe('a change log', () => {
  it('is empty before the view was ever built', async () => {
    expect(await readChangeLog(postgres, view).changesAfter(-1n, 10)).toEqual({
      changes: [],
      through: -1n,
      watermark: -1n,
    });
  });

  it('is read in pages that are never cut within a position, up to the watermark', async () => {
    await writer.prepare();
    await writer.write(
      [change(0, 'b'), change(0, 'a'), ...range(1, 2), change(3, 'c'), change(3, 'a'), change(3, 'b'), ...range(4, 9)],
      5n,
    );
    const { changesAfter } = readChangeLog(postgres, view);
    const first = await changesAfter(-1n, 5);
    expect(places(first.changes)).toEqual(['0a', '0b', '1a', '2a', '3a', '3b', '3c']);
    expect(first).toMatchObject({ through: 3n, watermark: 5n });
    const second = await changesAfter(first.through, 5);
    expect(places(second.changes)).toEqual(['4a', '5a']);
    expect(second).toMatchObject({ through: 5n, watermark: 5n });
    expect(places((await changesAfter(-1n, 5, 'b')).changes)).toEqual(['0b', '3b']);
  });
});

describe('a feed', () => {
  it('tells what comes after a position, in order, of all or of one key', async () => {
    await writer.prepare();
    await writer.write(range(1, 250), 250n);
    const [all, later, ofB] = [
      listenToFeed(feed, { after: 0n }),
      listenToFeed(feed, { after: 249n }),
      listenToFeed(feed, { after: 0n, key: 'b' }),
    ];
    await all.heard(250n);
    await later.heard(250n);
    await writer.write([change(251, 'b'), change(251, 'a'), change(252, 'c')], 252n);
    await writer.write([change(260, 'b')], 260n);
    await Promise.all([all.heard(260n), later.heard(260n), ofB.heard(260n)]);
    const expected = ['251a', '251b', '252c', '260b'];
    expect(places(all.told)).toEqual([...places(range(1, 250)), ...expected]);
    expect(places(later.told)).toEqual(['250a', ...expected]);
    expect(places(ofB.told)).toEqual(['251b', '260b']);
  });

  it('tells of the first change of a view that was never built', async () => {
    const first = listenToFeed(feed, { after: await feed.watermark() });
    await untilListening(1);
    await writer.prepare();
    await writer.write([change(0)], 0n);
    await first.heard(0n);
    expect(places(first.told)).toEqual(['0a']);
  });

  it('is not led astray by somebody who says to be ahead of all', async () => {
    await writer.prepare();
    await writer.write(range(1, 3), 3n);
    const ahead = listenToFeed(feed, { after: 4n });
    const other = listenToFeed(feed, { after: 2n });
    await other.heard(3n);
    await writer.write(range(4, 5), 5n);
    await Promise.all([other.heard(5n), ahead.heard(5n)]);
    expect([places(ahead.told), places(other.told)]).toEqual([['5a'], ['3a', '4a', '5a']]);
  });

  it('comes to what nobody told of', async () => {
    await writer.prepare();
    const one = listenToFeed(feed, { after: -1n });
    await untilListening(1);
    await writer.write([change(1)], 1n, false);
    await one.heard(1n);
    await writer.write([change(2)], 2n, false);
    await one.heard(2n);
    expect(places(one.told)).toEqual(['1a', '2a']);
  });

  it('loses and repeats nothing for those who come and go while it is written, and never runs ahead', async () => {
    await writer.prepare();
    const last = 1_500;
    let allowed = 0n;
    const write = async () => {
      for (let at = 0; at < last;) {
        const end = Math.min(at + 1 + Math.floor(Math.random() * 30), last);
        // Some lie in the log before the watermark comes to them.
        const before = Math.max(at, Number(allowed) + 1, end - Math.floor(Math.random() * 5));
        allowed = BigInt(before);
        await writer.write(
          range(at + 1, end).flatMap((one) => (Number(one.position) % 3 ? [one] : [one, { ...one, key: 'b' }])),
          allowed,
        );
        at = end;
      }
      allowed = BigInt(last);
      await writer.write([], allowed);
    };
    const everything = range(1, last).flatMap(({ position }) =>
      Number(position) % 3 ? [`${position}a`] : [`${position}a`, `${position}b`],
    );

    const comeAndGo = async () => {
      const heard: string[] = [];
      for (let after = 0n; after < BigInt(last);) {
        let runsAhead = false;
        const one = listenToFeed(feed, { after }, (changes) => {
          runsAhead ||= changes.some(({ position }) => position > allowed);
        });
        const stay = BigInt(1 + Math.floor(Math.random() * 200));
        await one.heard(after + stay < BigInt(last) ? after + stay : BigInt(last));
        await one.leave();
        expect(runsAhead).toBe(false);
        heard.push(...places(one.told));
        after = one.told.at(-1)?.position ?? after;
      }
      expect(heard).toEqual(everything);
    };
    await Promise.all([write(), ...Array.from({ length: 8 }, comeAndGo)]);
  });

  it('goes on without a gap after PostgreSQL was away, and is told of changes again', async () => {
    await writer.prepare();
    await writer.write(range(1, 2), 2n);
    const before = listenToFeed(feed, { after: 0n });
    await before.heard(2n);
    await untilListening(1);
    proxy.cut();
    await lines.told(view.name, 'The change log cannot be read');
    await expect(feed.watermark()).rejects.toMatchObject({ code: 'service.unavailable' });
    const meanwhile = listenToFeed(feed, { after: 1n });
    await writer.write(range(3, 300), 300n);
    proxy.mend();
    await Promise.all([before.heard(300n), meanwhile.heard(300n)]);
    await untilListening(1);
    await writer.write(range(301, 301), 301n);
    await Promise.all([before.heard(301n), meanwhile.heard(301n)]);
    expect(places(before.told)).toEqual(places(range(1, 301)));
    expect(places(meanwhile.told)).toEqual(places(range(2, 301)));
    expect(lines.lines.map(({ msg }) => msg)).toEqual([
      'The change log cannot be read',
      'The change log is read again',
    ]);
  });

  it('listens once for all, and only while somebody does', async () => {
    await writer.prepare();
    await writer.write([], 1n);
    const everybody = Array.from({ length: 50 }, () => listenToFeed(feed, { after: 1n }));
    await untilListening(1);
    await writer.write([change(2)], 2n);
    await Promise.all(everybody.map(({ heard }) => heard(2n)));
    expect(await listening()).toBe(1);
    await Promise.all(everybody.map(({ leave }) => leave()));
    await untilListening(0);
    const again = listenToFeed(feed, { after: 1n });
    await again.heard(2n);
    await untilListening(1);
    await feed.stop();
    await again.leave();
    await untilListening(0);
  });

  it('tells nobody once it has stopped', async () => {
    await feed.stop();
    const late = listenToFeed(feed, { after: 0n });
    await late.leave();
    expect(late.told).toEqual([]);
  });
});
