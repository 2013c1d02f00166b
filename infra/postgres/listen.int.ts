import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { listenTo } from './listen.js';
import { createPostgres, type Postgres } from './postgres.js';
import { startFreezingProxy, type FreezingProxy } from './testing/freezing-proxy.js';

let engines: EnginesForTests;
let postgres: Postgres;

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
});
afterAll(async () => {
  await postgres.end();
  await engines.stop();
});

const events = () => {
  const seen: string[] = [];
  let look: () => void = () => undefined;
  const see = (event: string) => {
    seen.push(event);
    look();
  };
  const until = (count: number) =>
    new Promise<readonly string[]>((resolve) => {
      look = () => {
        if (seen.length >= count) resolve(seen);
      };
      look();
    });
  return { until, parts: { onListening: () => see('listening'), onNotification: see } };
};
const tell = (text: string) => postgres.query('select pg_notify($1, $2)', ['things', text]);

describe('listening to a channel', () => {
  it('hears what is told there, also after its connection broke', async () => {
    const { until, parts } = events();
    const { listening, stop } = listenTo(postgres, 'things', parts);
    await listening;
    await tell('one');
    await until(2);
    await postgres.query(`select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen things'`);
    await until(3);
    await tell('two');
    expect(await until(4)).toEqual(['listening', 'one', 'listening', 'two']);
    await stop();
  });

  describe('where the server is frozen', () => {
    let proxy: FreezingProxy;
    let behind: Postgres;
    beforeEach(async () => {
      proxy = await startFreezingProxy(engines.env.POSTGRES_URL);
      behind = createPostgres(proxy.url);
    });
    afterEach(async () => {
      await behind.end();
      await proxy.close();
    });

    it('hears elsewhere once the server says nothing any more', async () => {
      const { until, parts } = events();
      const place = { options: createPostgres(proxy.url, 1, 100).options };
      const { listening, stop } = listenTo(place, 'things', parts, 20);
      await listening;
      proxy.freeze();
      place.options = postgres.options;
      expect(await until(2)).toEqual(['listening', 'listening']);
      await stop();
    });

    it('stops', async () => {
      const { listening, stop } = listenTo(behind, 'things', events().parts);
      await listening;
      proxy.freeze();
      await expect(stop()).resolves.toBeUndefined();
    });

    it('stops while it connects', async () => {
      proxy.freeze();
      await expect(listenTo(behind, 'things', events().parts).stop()).resolves.toBeUndefined();
    });
  });
});
