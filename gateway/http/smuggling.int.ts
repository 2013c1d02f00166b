import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer, listen } from '../../infra/process/server.js';
import { bareRoute, rawRoute } from './route.js';
import { createGateway } from './server.js';
import { noContent } from './success.js';
import { accessTokens } from './testing/gateway.js';
import { keptLog } from './testing/kept-log.js';
import { rawRequest, statusesIn } from './testing/raw-request.js';

/** What reached a handler: the body as text, or the name of the route that nobody is to reach. */
let reached: string[];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createGateway({
    accessTokens,
    log: keptLog().log,
    routes: [
      rawRoute('POST', '/taken', { id: 'take', summary: 'Takes bytes', answers: noContent }, ({ body }) => {
        reached.push(body.toString('latin1'));
        return Promise.resolve({ status: 204 });
      }),
      bareRoute('GET', '/hidden', { id: 'hide', summary: 'Is not asked for', answers: noContent }, () => {
        reached.push('hidden');
        return Promise.resolve({ status: 204 });
      }),
    ],
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  reached = [];
});
afterAll(() => closeServer(server));

const hidden = 'GET /hidden HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const post = (headers: string, body: string) => `POST /api/v1/taken HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`;
const chunkedHidden = `0\r\n\r\n${hidden}`;

describe('a request whose end could be taken for another', () => {
  it.each<[string, string]>([
    ['a length and chunks', post(`Content-Length: 5\r\nTransfer-Encoding: chunked`, chunkedHidden)],
    [
      'chunks and a length',
      post(`Transfer-Encoding: chunked\r\nContent-Length: ${chunkedHidden.length}`, chunkedHidden),
    ],
    ['two lengths', post(`Content-Length: 0\r\nContent-Length: ${hidden.length}`, hidden)],
    ['two lengths in one', post(`Content-Length: 0, ${hidden.length}`, hidden)],
    ['a length with a sign', post(`Content-Length: +0`, hidden)],
    ['a negative length', post(`Content-Length: -1`, hidden)],
    ['a length in hexadecimal', post(`Content-Length: 0x0`, hidden)],
    ['a length that is too large', post(`Content-Length: 18446744073709551616`, hidden)],
    ['a coding that is nearly chunked', post(`Transfer-Encoding: xchunked`, chunkedHidden)],
    ['chunked that is not last', post(`Transfer-Encoding: chunked, identity`, chunkedHidden)],
    ['chunked in quotes', post(`Transfer-Encoding: "chunked"`, chunkedHidden)],
    ['two codings', post(`Transfer-Encoding: chunked\r\nTransfer-Encoding: identity`, chunkedHidden)],
    ['chunked after a vertical tab', post(`Transfer-Encoding: \x0bchunked`, chunkedHidden)],
    ['a space before the colon', post(`Content-Length : 0`, hidden)],
    ['a tab before the colon', post(`Transfer-Encoding\t: chunked`, chunkedHidden)],
    ['a folded header', post(`X-Folded: a\r\n Content-Length: 0`, hidden)],
    ['a folded coding', post(`Transfer-Encoding:\r\n chunked`, chunkedHidden)],
    ['a header that begins with a space', post(` Content-Length: 0`, hidden)],
    ['a NUL in a header', post(`X-Nul: a\0b`, hidden)],
    ['a bare CR in a header', post(`X-Bare: a\rContent-Length: 0`, hidden)],
    ['a bare LF in a header', post(`X-Bare: a\nContent-Length: ${hidden.length}`, hidden)],
    ['lines that end with LF', `POST /api/v1/taken HTTP/1.1\nHost: x\nContent-Length: 0\n\n${hidden}`],
    ['a chunk that ends with LF', post(`Transfer-Encoding: chunked`, `3\nabc\n0\n\n${hidden}`)],
    ['a chunk longer than it says', post(`Transfer-Encoding: chunked`, `1\r\nabc\r\n${chunkedHidden}`)],
    ['a chunk whose length is none', post(`Transfer-Encoding: chunked`, `xyz\r\nabc\r\n${chunkedHidden}`)],
    [
      'a chunk whose length overflows',
      post(`Transfer-Encoding: chunked`, `10000000000000000\r\nabc\r\n${chunkedHidden}`),
    ],
    [
      'a chunk extension without an end',
      post(`Transfer-Encoding: chunked`, `3;${'x'.repeat(64 * 1024)}\r\nabc\r\n${chunkedHidden}`),
    ],
    ['a chunk extension with a bare LF', post(`Transfer-Encoding: chunked`, `3;a\nabc\r\n${chunkedHidden}`)],
    ['another version', `GET /hidden HTTP/3.0\r\nHost: x\r\n\r\n${hidden}`],
    ['a space in its target', `GET /a HTTP/1.1 HTTP/1.1\r\nHost: x\r\n\r\n${hidden}`],
    ['a method that there is not', `GETT /hidden HTTP/1.1\r\nHost: x\r\n\r\n${hidden}`],
  ])('is refused with what follows: %s', async (_what, bytes) => {
    const answers = await rawRequest(url, Buffer.from(bytes, 'latin1'));
    // 413 where it is the size that gives it away.
    expect({ reached, refusals: statusesIn(answers).map((status) => [400, 413].includes(status)) }).toEqual({
      reached: [],
      refusals: [true],
    });
  });

  it('has a Host', async () => {
    expect(statusesIn(await rawRequest(url, 'GET /hidden HTTP/1.1\r\n\r\n'))).toEqual([400]);
    expect(reached).toEqual([]);
  });
});

describe('a request that can be read in one way only', () => {
  const closing = 'Connection: close\r\n';

  it.each<[string, string, readonly string[], readonly number[]]>([
    ['with headers in any case', post(`${closing}cOnTeNt-LeNgTh: 3`, 'abc'), ['abc'], [204]],
    ['in chunks', post(`${closing}TRANSFER-ENCODING: Chunked`, '3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n'), ['abc'], [204]],
    ['whose body looks like another', post(`${closing}Content-Length: ${hidden.length}`, hidden), [hidden], [204]],
    [
      'with a body that nobody reads',
      `GET /hidden HTTP/1.1\r\nHost: x\r\nContent-Length: ${hidden.length}\r\n${closing}\r\n${hidden}`,
      ['hidden'],
      [204],
    ],
    [
      'after one that was refused',
      post('Content-Length: 3', 'abc').replace('taken', 'gone') + hidden,
      ['hidden'],
      [404, 204],
    ],
    ['for a whole address', hidden.replace('/hidden', 'http://elsewhere.example/hidden'), ['hidden'], [204]],
    [
      'that asks for another protocol',
      hidden.replace('Connection: close', 'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings, close'),
      ['hidden'],
      [204],
    ],
    [
      'that would rather have another method',
      post(`${closing}X-HTTP-Method-Override: GET\r\nX-Method-Override: GET\r\nContent-Length: 0`, '').replace(
        '/api/v1/taken',
        '/hidden?_method=GET',
      ),
      [],
      [405],
    ],
    ['for a tunnel', `CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: x\r\n\r\n${hidden}`, [], []],
  ])('is taken so: %s', async (_what, bytes, handled, statuses) => {
    const answers = await rawRequest(url, bytes);
    expect({ reached, statuses: statusesIn(answers) }).toEqual({ reached: handled, statuses });
  });
});
