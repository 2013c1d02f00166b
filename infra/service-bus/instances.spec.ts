import { pino } from 'pino';
import { createInstances } from './instances.js';

const log = pino({ level: 'silent' });

/** Takes whoever is next, which must be one. */
const taken = async (instances: ReturnType<typeof createInstances>) => {
  const instance = await instances.next('users');
  if (typeof instance === 'string') throw new Error(`No instance: ${instance}`);
  return instance;
};

it('forgets the circuits of addresses that were last used long ago', async () => {
  let url = 'http://10.0.0.1:0';
  const discovery = { instancesOf: () => Promise.resolve([url]) };
  const rules = { failures: 1, openMs: 30_000, successes: 3 };
  const instances = createInstances({ discovery, rules, log, now: () => 0 });
  (await taken(instances)).tell('failed');
  expect(await instances.next('users')).toBe('open');
  for (let port = 1; port <= 1_000; port += 1) {
    url = `http://10.0.0.1:${port}`;
    (await taken(instances)).tell('answered');
  }
  url = 'http://10.0.0.1:0';
  expect((await taken(instances)).url).toBe(url);
});
