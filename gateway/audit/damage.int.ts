import { text } from 'node:stream/consumers';
import { openAuditedStore, type AuditedStore } from '../../infra/audit-log/testing/audited-store.js';
import { inDatabase } from '../../infra/audit-log/testing/database-file.js';
import type { Position } from '../../infra/event-store/stored-event.js';
import { randomUUID } from 'node:crypto';
import { callAt, expectProblem } from '../http/testing/client.js';
import { keptLog } from '../http/testing/kept-log.js';
import { auditDeskOver, openLines } from './testing/audit-desk.js';
import { as } from './testing/reads.js';

let store: AuditedStore;
let desk: Awaited<ReturnType<ReturnType<typeof auditDeskOver>['open']>>;
let before: Position;
const { log, logged } = keptLog();

beforeAll(async () => {
  store = await openAuditedStore();
  before = await store.append('stock-1', 'a', 'b');
  const { commit } = await store.append('stock-2', 'c');
  await store.append('stock-3', 'd');
  await store.tamper(inDatabase((file) => file.change(commit, { data: '{"thing":"C"}' }), 'left'));
  desk = await auditDeskOver(store.eventStore).open({ log });
});
afterAll(async () => {
  await desk.close();
  await store.end();
});

it.each([
  ['a correlation', () => `/correlations/${randomUUID()}`],
  ['its stream', () => '/streams/stock-2'],
  ['the aggregate of its stream', () => '/streams/stock-2/state?revision=0'],
  ['events as lines, where it is the first', () => `/events?after=${before.commit}`],
])('an event that is damaged is told as such: %s', async (_, path) =>
  expectProblem(await callAt(desk.url, 'GET', path(), { as }), 409, 'audit.tampered'),
);

it('lines that come to it break off, and the log says why', async () => {
  const answer = await openLines(`${desk.url}/events`);
  expect(answer.statusCode).toBe(200);
  await expect(text(answer)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await logged(5)).at(-1)).toMatchObject({ level: 40, status: 200, aborted: true, code: 'audit.tampered' });
});
