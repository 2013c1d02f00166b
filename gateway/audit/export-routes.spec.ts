import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { createBundleSource } from '../../infra/audit-log/export/bundle-source.js';
import { createExportEndpoint } from '../../infra/audit-log/export/export-endpoint.js';
import { closeServer, listen } from '../../infra/process/server.js';
import { createGateway } from '../http/server.js';
import { accessTokens } from '../http/testing/gateway.js';
import { keptLog } from '../http/testing/kept-log.js';
import { exportRoutes } from './export-routes.js';

const auditor = 'c0ffee00-0000-4000-8000-000000000001:auditor';
const local = { host: '127.0.0.1', port: 0 };
const portOf = (server: Server) => (server.address() as AddressInfo).port;

let bundle: PassThrough;
let atAuditor: Server;
let gateway: Server;
let log: ReturnType<typeof keptLog>;

beforeEach(async () => {
  bundle = new PassThrough();
  bundle.on('error', () => undefined);
  const tokens = { verify: () => Promise.resolve('gateway'), issue: () => Promise.resolve('ours') };
  const exports = { open: () => Promise.resolve(bundle) };
  atAuditor = createServer(createExportEndpoint({ exports, tokens, log: pino({ level: 'silent' }) }));
  await listen(atAuditor, local);
  const bundles = createBundleSource({ auditorUrl: `http://127.0.0.1:${portOf(atAuditor)}`, tokens });
  log = keptLog();
  gateway = createGateway({ routes: exportRoutes({ bundles }), accessTokens, log: log.log });
  await listen(gateway, local);
});
afterEach(async () => {
  await Promise.all([gateway, atAuditor].filter(({ listening }) => listening).map((each) => closeServer(each)));
});

/** An export of which the first byte has come. */
const begun = async (): Promise<IncomingMessage> => {
  bundle.write('b');
  const headers = { authorization: `Bearer ${auditor}`, 'content-type': 'application/json' };
  const path = '/api/v1/audit/exports';
  const asked = request({ port: portOf(gateway), host: local.host, method: 'POST', path, headers, agent: false });
  asked.end('{"stream":"cart-1"}');
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  await once(answer, 'readable');
  return answer;
};

it('is handed on whole', async () => {
  const answer = await begun();
  bundle.end('undle');
  expect(await text(answer)).toBe('bundle');
  expect(await log.logged(1)).toMatchObject([{ level: 30, status: 200, aborted: false }]);
});

it('ends at the auditor where the client leaves, which is no failure', async () => {
  const answer = await begun();
  const closed = new Promise((resolve) => bundle.once('close', resolve));
  answer.destroy();
  await closed;
  const [line] = await log.logged(1);
  expect(line).toMatchObject({ level: 30, status: 200, aborted: true });
  expect(line).not.toHaveProperty('code');
});

it('is not taken for whole where the server closes', async () => {
  const answer = await begun();
  await Promise.all([expect(text(answer)).rejects.toMatchObject({ code: 'ECONNRESET' }), closeServer(gateway)]);
  expect((await log.logged(1))[0]).not.toHaveProperty('code');
});

it('is a failure where the auditor breaks off', async () => {
  const answer = await begun();
  bundle.destroy(new Error('no more'));
  await expect(text(answer)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await log.logged(1)).toMatchObject([{ level: 50, aborted: true, code: 'internal.error' }]);
});
