import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const entry = join(process.cwd(), 'dist/infra/docker/is-ready.js');

let server: Server;
let isReady: boolean;

beforeEach(async () => {
  server = createServer(({ url }, res) => void res.writeHead(url === '/health/ready' && isReady ? 200 : 503).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => void server.close());

it.each([
  ['0 where the role is ready', true, 0],
  ['1 where it is not', false, 1],
])('ends with %s', async (_what, ready, code) => {
  isReady = ready;
  expect(await exitCode(portOf(server))).toBe(code);
});

it('ends with 1 where nobody listens', async () => {
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  expect(await exitCode(port)).toBe(1);
});

const exitCode = async (port: number): Promise<unknown> => {
  const [code] = (await once(spawn(process.execPath, [entry, String(port)]), 'exit')) as [unknown];
  return code;
};

const portOf = (of: Server) => (of.address() as AddressInfo).port;
