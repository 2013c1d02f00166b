import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import { closeServer, listen } from './server.js';

let server: Server;
let agent: Agent;
/** Requests to `/begun` whose answers the test gives. */
let begun: ServerResponse[];
beforeEach(async () => {
  begun = [];
  agent = new Agent({ keepAlive: true });
  server = createServer((incoming, response) => {
    if (incoming.url === '/begun') begun.push(response);
    else response.end('answered');
    server.emit('arrived');
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
});
afterEach(() => agent.destroy());

/** Longer than a test may take. */
const neverMs = 600_000;

const ask = (path: string) => {
  const { port } = server.address() as AddressInfo;
  const answer = once(request({ port, host: '127.0.0.1', path, method: 'POST', agent }).end('{}'), 'response');
  return answer.then(([response]) => response as IncomingMessage);
};
const begin = async () => {
  const arrived = once(server, 'arrived');
  const answer = ask('/begun');
  await arrived;
  return answer;
};

describe('a server that closes', () => {
  it('answers what was begun, and refuses the rest', async () => {
    const first = begin();
    const second = begin();
    while (begun.length < 2) await once(server, 'arrived');
    const closed = closeServer(server);
    const refused = await ask('/commands/orders');
    expect(refused.statusCode).toBe(503);
    expect(refused.headers).toMatchObject({ connection: 'close', 'retry-after': '1' });
    expect(await json(refused)).toMatchObject({ code: 'service.unavailable', status: 503 });
    expect((await ask('/health/ready')).statusCode).toBe(503);
    expect((await ask('/health/live')).statusCode).toBe(204);

    begun.forEach((response) => response.end('done'));
    expect([(await first).statusCode, (await second).statusCode]).toEqual([200, 200]);
    (await first).resume();
    (await second).resume();
    expect(await closed).toBe(0);
    expect(server.listening).toBe(false);
  });

  it('is not held by connections without a request', async () => {
    (await ask('/')).resume();
    expect(await closeServer(server)).toBe(0);
  });

  it('is not held by connections on which nothing, or half a request, has come', async () => {
    const { port } = server.address() as AddressInfo;
    const connections = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    connections[1]?.write('GET / HT');
    await Promise.all(connections.map((connection) => once(connection, 'connect')));
    (await ask('/')).resume();
    const closed = closeServer(server, neverMs);
    await Promise.all(connections.map((connection) => once(connection.resume(), 'close')));
    expect(await closed).toBe(0);
  });

  it('tells whoever is answered not to send more', async () => {
    const first = begin();
    while (begun.length < 1) await once(server, 'arrived');
    const closed = closeServer(server);
    begun[0]?.end('done');
    expect((await first).headers.connection).toBe('close');
    (await first).resume();
    await closed;
  });

  it('is not held by answers that had to wait for another one, to a client that has gone', async () => {
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET /begun HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3));
    const [taken] = await accepted;
    while (begun.length < 3) await once(server, 'arrived');
    const closes = begun.map((response) => once(response, 'close'));
    socket.destroy();
    await Promise.all([once(taken, 'close'), ...closes]);
    begun.forEach((response) => response.writeHead(200).end('nobody is there'));
    expect(await closeServer(server, neverMs)).toBe(0);
  });

  it('answers several requests of a connection in turn, and closes each answer once', async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET /begun HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3));
    while (begun.length < 3) await once(server, 'arrived');
    let closed = 0;
    begun.forEach((response) => response.on('close', () => (closed += 1)));
    begun.forEach((response) => response.end());
    await once(begun[1] as ServerResponse, 'close');
    socket.destroy();
    if (begun[2]?.closed !== true) await once(begun[2] as ServerResponse, 'close');
    expect([await closeServer(server, neverMs), closed]).toEqual([0, 3]);
  });

  it('cuts off what is not answered in time', async () => {
    const never = begin().catch((error: unknown) => error);
    while (begun.length < 1) await once(server, 'arrived');
    expect(await closeServer(server, 1)).toBe(1);
    expect(await never).toMatchObject({ code: 'ECONNRESET' });
  });

  it('may not have listened', async () => {
    expect(await closeServer(createServer())).toBe(0);
    await closeServer(server);
  });
});
