import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer, listen } from '../../infra/process/server.js';
import { createKeyring } from '../../infra/security/keyring.js';
import { createServiceTokens } from '../../infra/security/service-tokens.js';
import { createServiceEndpoint } from '../../infra/service-bus/service-endpoint.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { startCuttingProxy } from '../../infra/service-bus/testing/scripted-service.js';
import { coded, httpBusTo, message } from '../../infra/service-bus/testing/services.js';
import { createMongo } from '../../infra/mongo/mongo.js';
import { silent, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { createOperationsBus, projectionsContext } from './operations-bus.js';
import { createOperations } from './operations.js';
import { createProjectionQueries, type ProjectionQueries, type ProjectionStatus } from './queries.js';
import type { RunningProjections } from './runner.js';
import { countsView } from './testing/counts.js';
import { runViews } from './testing/run-views.js';
import { createViewBuilds } from './view-builds.js';
import { addViewMetrics } from './view-metrics.js';

/** Each has a category of its own, which is named like it. */
const definitions = (['postgres', 'mongodb'] as const).map((store) => ({
  view: { ...countsView(store), categories: [countsView(store).name] },
}));
const names = definitions.map(({ view }) => view.name);

let side: ReadSide;
let running: RunningProjections;
let served: Served;
let projections: ProjectionQueries;

beforeAll(async () => {
  side = await startReadSide();
  running = runViews(side, definitions);
  served = await serve(side);
  projections = createProjectionQueries(served.bus);
});
afterAll(async () => {
  await served.close();
  await running.stop();
  await side.stop();
});

type Served = Readonly<{
  url: string;
  bus: ServiceBus;
  busTo: (url: string) => ServiceBus;
  close: () => Promise<number>;
}>;

/** The operations as the process of the projections offers them. */
const serve = async ({ postgres, mongo, eventStore }: Pick<ReadSide, 'postgres' | 'mongo' | 'eventStore'>) => {
  const operations = createOperations({
    builds: createViewBuilds(definitions, { postgres, mongo }),
    postgres,
    eventStore,
  });
  const tokens = createServiceTokens({
    keyring: createKeyring({ postgres, masterKey: 'ab'.repeat(32) }),
    service: 'x',
  });
  const server = createServer(
    createServiceEndpoint({
      bus: createOperationsBus(operations),
      contexts: [projectionsContext],
      subject: { service: 'projections', version: '1.2.3' },
      tokens,
      log: silent,
      checks: {},
      addMetrics: (registry) => addViewMetrics(registry, operations, silent),
    }),
  );
  await listen(server, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const busTo = (to: string) => httpBusTo([to], { tokens });
  return { url, bus: busTo(url), busTo, close: () => closeServer(server) };
};

/** The view once it is so. */
const until = async (name: string, holds: (status: ProjectionStatus) => boolean): Promise<ProjectionStatus> => {
  for (;;) {
    const status = (await projections.list()).find((each) => each.name === name);
    if (status && holds(status)) return status;
  }
};
const isLiveAt = (position: bigint) => (status: ProjectionStatus) =>
  status.state === 'live' && BigInt(status.position ?? -1) >= position;

describe.each(names)('%s over HTTP', (name) => {
  it('is listed with how it gets on', async () => {
    const position = await side.append(`${name}-1`, { type: 'Counted', data: { by: 1 } });
    expect(await until(name, isLiveAt(position))).toMatchObject({
      ...{ name, version: 1, state: 'live', lagEvents: 0, lagSeconds: 0, parkedKeys: 0, canRollBack: false },
      builds: { live: 1, previous: null, aside: null, begun: 1 },
    });
  });

  it('is built anew, compared, switched to and rolled back', async () => {
    expect(await projections.change(name, 'rebuild')).toMatchObject({ progress: { version: 1, switches: false } });
    const ready = await until(name, ({ progress }) => progress?.comparison != null);
    expect(ready).toMatchObject({ builds: { live: 1, aside: 2 }, progress: { comparison: { isEqual: true } } });

    await projections.change(name, 'switch');
    expect(await until(name, ({ builds }) => builds?.live === 2)).toMatchObject({ canRollBack: true });

    await projections.change(name, 'rollback');
    expect(await until(name, ({ builds }) => builds?.live === 1)).toMatchObject({ builds: { previous: 2 } });
  });

  it('does once what is asked again since the answer was lost', async () => {
    const lossy = await startCuttingProxy(served.url, 1);
    const rollback = { name, build: 2 };
    await served.busTo(lossy.url).ask('projections', 'rollback', rollback);
    expect(lossy.lost()).toBe(1);
    await until(name, ({ builds }) => builds?.live === 2);
    expect(await served.bus.ask('projections', 'rollback', rollback)).toMatchObject({
      builds: { live: 2, aside: null },
    });

    await projections.change(name, 'rebuild');
    const drop = { name, build: 3 };
    await served.bus.ask('projections', 'drop', drop);
    expect(await served.bus.ask('projections', 'drop', drop)).toMatchObject({
      builds: { live: 2, previous: 1, aside: null, begun: 3 },
    });
    lossy.close();
  });

  it('has parked events, which are retried and discarded', async () => {
    const [poisoned, other] = [`${name}-2`, `${name}-3`];
    await side.append(poisoned, { type: 'Counted', data: { by: -1 } }, { type: 'Counted', data: { by: 1 } });
    const position = await side.append(other, { type: 'Counted', data: { by: -1 } });
    await until(name, ({ parkedKeys }) => parkedKeys === 2);
    const first = await projections.parked(name, { limit: 2 });
    expect(first.items).toMatchObject([
      { key: poisoned, stream: poisoned, revision: 0, type: 'Counted', request: null },
      { key: poisoned, revision: 1, error: 'waits for an earlier event' },
    ]);
    const rest = await projections.parked(name, { limit: 2, cursor: first.nextCursor ?? '' });
    expect(rest).toMatchObject({ items: [{ key: other, position: String(position) }], nextCursor: null });

    await projections.request(name, poisoned, 'retry');
    const discard = { name, key: other, first: String(position) };
    await served.bus.ask('projections', 'discard', discard);
    await until(name, ({ parkedKeys }) => parkedKeys === 1);
    expect(await served.bus.ask('projections', 'discard', discard)).toEqual({ key: other, request: 'discard' });
    await expect(projections.request(name, other, 'discard')).rejects.toEqual(coded('projection.nothing_parked'));

    await projections.request(name, poisoned, 'discard');
    await until(name, ({ parkedKeys }) => parkedKeys === 0);
  });

  it('has metrics', async () => {
    const [text, status] = await Promise.all([
      fetch(`${served.url}/metrics`).then((response) => response.text()),
      until(name, ({ state }) => state === 'live'),
    ]);
    const labels = `view="${name}",store="${status.store}"`;
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        `evermart_projection_position{${labels}} ${status.position}`,
        `evermart_projection_lag_events{${labels}} 0`,
        `evermart_projection_lag_seconds{${labels}} 0`,
        expect.stringContaining(`evermart_projection_rate{${labels}} `),
        `evermart_projection_parked_keys{${labels}} 0`,
        `evermart_projection_state{${labels},state="live"} 1`,
        `evermart_projection_state{${labels},state="stopped"} 0`,
      ]),
    );
  });
});

describe('operations on views', () => {
  const [name = ''] = names;

  it.each([
    ['a view that is not there', 'rebuild', { name: 'nowhere' }, 'projection.not_found'],
    ['a switch to nothing', 'switch', { name, build: null }, 'projection.not_ready'],
    ['a switch to another build than is meant', 'switch', { name, build: 9 }, 'projection.not_ready'],
    ['an operation that is not there', 'explode', { name }, 'command.unknown'],
    ['what only objects have', 'toString', { name }, 'command.unknown'],
    ['no data', 'rebuild', undefined, 'command.invalid'],
    ['a build that is no number', 'drop', { name, build: '1' }, 'command.invalid'],
    ['a position that is none', 'retry', { name, key: 'x', first: '-1' }, 'command.invalid'],
    ['too many at once', 'parked', { name, limit: 102 }, 'command.invalid'],
    ['what is not parked', 'retry', { name, key: 'x' }, 'projection.nothing_parked'],
  ])('refuse %s', async (_, operation, data, code) => {
    await expect(served.bus.ask('projections', operation, data)).rejects.toEqual(coded(code));
  });

  it('are no commands', async () => {
    const sending = served.bus.send('projections', message('rebuild', { name }));
    await expect(sending).rejects.toEqual(coded('command.unknown'));
  });

  it('are for those with a service token', async () => {
    const response = await fetch(`${served.url}/questions/projections/list`, { method: 'POST' });
    expect(response.status).toBe(401);
  });

  it('show the views of one store while the other is away', async () => {
    const alone = await serve({ ...side, mongo: createMongo('mongodb://127.0.0.1:1/evermart') });
    expect(await createProjectionQueries(alone.bus).list()).toMatchObject([
      { name: names[0], state: 'live' },
      { name: names[1], state: 'stopped', builds: null },
    ]);
    const metrics = await (await fetch(`${alone.url}/metrics`)).text();
    expect(metrics).toContain(`evermart_projection_state{view="${names[1]}",store="mongodb",state="stopped"} 1`);
    await alone.close();
  });
});
