import { createActivity, tally } from '../activity.js';
import { counted } from '../testing/events.js';
import { startStore, type TestStore } from '../testing/store.js';
import type { Figures } from './figures.js';
import { createMetrics } from './metrics.js';

let store: TestStore;
beforeAll(async () => {
  store = await startStore();
  await store.client.appendToStream('a', counted(3));
});
afterAll(() => store.end());

const call = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${store.server.port}${path}`, { method });

const stats = async () => (await (await call('/stats')).json()) as Figures;

it('says that it is live', async () => {
  const response = await call('/health/live');
  expect(response.status).toBe(204);
  expect(response.headers.get('connection')).toBe('close');
});

it('gives its figures as JSON', async () => {
  const response = await call('/stats?pretty');
  expect(response.headers.get('content-type')).toBe('application/json');
  const { process, store: figures } = (await response.json()) as Figures;
  expect(figures).toMatchObject({ head: 3, connections: 2, liveSubscriptions: 0 });
  expect(figures.databaseBytes + figures.logBytes).toBeGreaterThan(4_096);
  for (const value of [process.uptimeSeconds, process.residentBytes, process.heapUsedBytes, process.userCpuSeconds])
    expect(value).toBeGreaterThan(0);
  expect(process.eventLoopDelaySeconds.max).toBeGreaterThanOrEqual(process.eventLoopDelaySeconds.p99);
});

it('counts connections', async () => {
  const before = (await stats()).store;
  await call('/health/live');
  const after = (await stats()).store;
  expect(after.acceptedConnections - before.acceptedConnections).toBe(2);
  expect(after.connections).toBe(2);
});

it('gives its figures to Prometheus', async () => {
  const response = await call('/metrics');
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await response.text()).split('\n');
  expect(lines).toContain('# TYPE evermart_eventstore_head_position gauge');
  expect(lines).toContain('evermart_eventstore_head_position 3');
  expect(lines).toContain('evermart_eventstore_connections 2');
  expect(lines).toContain('# TYPE evermart_eventstore_appends_total counter');
  expect(lines).toContain('# TYPE evermart_eventstore_commit_seconds histogram');
  // The text format: comments, samples with a number, and empty lines.
  for (const line of lines)
    expect(line).toMatch(
      /^(# (HELP|TYPE) evermart_eventstore_[a-z0-9_]+ .+|evermart_eventstore_[a-z0-9_]+(\{le="[^"]+"\})? [0-9.e+-]+|)$/,
    );
  expect(new Set(lines.filter((line) => line.startsWith('# TYPE'))).size).toBe(
    lines.filter((line) => line.startsWith('# HELP')).length,
  );
});

it('writes every figure under its own name, each time as it is', async () => {
  const { text } = await createMetrics();
  const figures = await stats();
  const activity = { ...createActivity(), acceptedConnections: 1, silentConnections: 2, refusedCalls: 3, appends: 4 };
  Object.assign(activity, { appendedEvents: 5, refusedAppends: 6, reads: 7, answers: 8, liveSubscriptions: 9 });
  for (const size of [1, 3, 5_000]) tally(activity.groupSize, size);
  const numbered: Figures = { ...figures, store: { head: 10, databaseBytes: 11, logBytes: 12, ...activity } };
  await text(numbered);
  const lines = (await text(numbered)).split('\n');
  const expected = [
    ['accepted_connections_total', 1],
    ['silent_connections_total', 2],
    ['refused_calls_total', 3],
    ['appends_total', 4],
    ['appended_events_total', 5],
    ['refused_appends_total', 6],
    ['reads_total', 7],
    ['answers_total', 8],
    ['live_subscriptions', 9],
    ['head_position', 10],
    ['database_bytes', 11],
    ['log_bytes', 12],
    ['commit_group_size_bucket{le="1"}', 1],
    ['commit_group_size_bucket{le="2"}', 1],
    ['commit_group_size_bucket{le="4"}', 2],
    ['commit_group_size_bucket{le="512"}', 2],
    ['commit_group_size_bucket{le="+Inf"}', 3],
    ['commit_group_size_sum', 5_004],
    ['commit_group_size_count', 3],
    ['commit_seconds_bucket{le="+Inf"}', 0],
    ['process_heap_used_bytes', figures.process.heapUsedBytes],
    ['process_uptime_seconds', figures.process.uptimeSeconds],
    ['process_cpu_user_seconds_total', figures.process.userCpuSeconds],
  ];
  for (const [name, value] of expected) expect(lines).toContain(`evermart_eventstore_${name} ${value}`);
});

it('keeps the figures of servers in one process apart', async () => {
  const other = await startStore();
  const lines = await (await fetch(`http://127.0.0.1:${other.server.port}/metrics`)).text();
  expect(lines.split('\n')).toContain('evermart_eventstore_head_position 0');
  await other.end();
});

it.each([
  ['GET', '/nothing', 404],
  ['GET', '/', 404],
  ['GET', '/stats/', 404],
  ['POST', '/stats', 405],
  ['DELETE', '/metrics', 405],
  ['PUT', '/health/live', 405],
])('answers %s %s with %i and a problem', async (method, path, status) => {
  const response = await call(path, method);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ type: 'about:blank', status, detail: expect.any(String) as string });
  expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD' : null);
});

it('answers HEAD without a body', async () => {
  const response = await call('/stats', 'HEAD');
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('');
});
