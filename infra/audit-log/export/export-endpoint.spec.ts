import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { pino } from 'pino';
import { jest } from '@jest/globals';
import { DomainError } from '../../../domains/shared/errors.js';
import { closeServer, listen } from '../../process/server.js';
import { createBundleSource } from './bundle-source.js';
import { createExportEndpoint } from './export-endpoint.js';
import type { ExportRequest, Exports } from './exports.js';

const request: ExportRequest = { selection: { stream: 'cart-1' }, by: '4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10' };
const { signal } = new AbortController();
const verify = (token: string) =>
  token === 'ours' ? Promise.resolve('gateway') : Promise.reject(new DomainError('auth.invalid_token', 'Not ours'));

const logged = jest.fn();
beforeEach(() => logged.mockClear());

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** An auditor that exports so, and the way to it with a token. */
const reached = async (open: Exports['open'], token = 'ours') => {
  const log = Object.assign(pino({ level: 'silent' }), { error: logged });
  const server = createServer(createExportEndpoint({ exports: { open }, tokens: { verify }, log }));
  await listen(server, { host: '127.0.0.1', port: 0 });
  closing.push(() => closeServer(server));
  const auditorUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createBundleSource({ auditorUrl, tokens: { issue: () => Promise.resolve(token) } });
};

const bytesOf = async (bytes: AsyncIterable<Uint8Array>) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
};

it('hands a bundle on as it is made', async () => {
  const asked: unknown[] = [];
  const source = await reached((given) => {
    asked.push(given);
    return Promise.resolve(Readable.from([Buffer.of(0x1f, 0x8b), Buffer.of(0xff)]));
  });
  expect(await bytesOf(await source.open(request, signal))).toEqual(Buffer.of(0x1f, 0x8b, 0xff));
  expect(asked).toEqual([request]);
});

it('lets in nobody without a token of the platform', async () => {
  const source = await reached(() => Promise.resolve(Readable.from([])), 'of somebody');
  await expect(source.open(request, signal)).rejects.toMatchObject({ code: 'auth.invalid_token' });
});

it.each<[object, string]>([
  [{ selection: {}, by: 'ada' }, 'request.invalid'],
  [{ selection: { stream: 'cart-1' } }, 'command.invalid'],
])('refuses what is no request: %j', async (given, code) => {
  const source = await reached(() => Promise.resolve(Readable.from([])));
  await expect(source.open(given as ExportRequest, signal)).rejects.toMatchObject({ code });
});

it('says why there is no bundle', async () => {
  const source = await reached(() => Promise.reject(new DomainError('audit.tampered', 'It differs')));
  await expect(source.open(request, signal)).rejects.toMatchObject({ code: 'audit.tampered', message: 'It differs' });
});

it('breaks off where a bundle does, and says so in its log', async () => {
  const bundle = new PassThrough();
  const source = await reached(() => Promise.resolve(bundle));
  bundle.write(Buffer.of(0x1f));
  const bytes = (await source.open(request, signal))[Symbol.asyncIterator]();
  expect(await bytes.next()).toMatchObject({ done: false });
  bundle.destroy(new DomainError('audit.tampered', 'It differs'));
  await expect(bytes.next()).rejects.toMatchObject({ name: 'TypeError' });
  expect(logged).toHaveBeenCalledWith(expect.anything(), 'a bundle was broken off');
});

it('ends a bundle whose taker leaves, which is nothing to log', async () => {
  const bundle = new PassThrough();
  const source = await reached(() => Promise.resolve(bundle));
  const leaving = new AbortController();
  bundle.write(Buffer.of(0x1f));
  await source.open(request, leaving.signal);
  const closed = new Promise((resolve) => bundle.once('close', resolve));
  bundle.on('error', () => undefined);
  leaving.abort();
  await closed;
  expect(bundle.destroyed).toBe(true);
  expect(logged).not.toHaveBeenCalled();
});

it('tells that the auditor is away', async () => {
  const tokens = { issue: () => Promise.resolve('ours') };
  const source = createBundleSource({ auditorUrl: 'http://127.0.0.1:1', tokens });
  await expect(source.open(request, signal)).rejects.toMatchObject({ code: 'service.unavailable' });
});
