import { untilReady } from './health.js';

it('waits until every part is there', async () => {
  const asked: string[] = [];
  const after = (name: string, times: number) => () => {
    asked.push(name);
    return asked.filter((each) => each === name).length > times ? Promise.resolve(true) : Promise.reject(new Error());
  };
  await untilReady({ store: after('store', 2), views: after('views', 0) }, new AbortController().signal, 1);
  expect(asked.filter((name) => name === 'store')).toHaveLength(3);
});

it('waits no longer once nobody is interested', async () => {
  const stopping = new AbortController();
  const away = () => {
    stopping.abort();
    return Promise.resolve(false);
  };
  await untilReady({ away }, stopping.signal, 1_000_000);
  expect(stopping.signal.aborted).toBe(true);
});
