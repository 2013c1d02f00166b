import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { madeFilesOf, madeKeyPair, readKeyPair, type KeyPairFiles } from './certificates.js';

let folder: string;
let database: string;
let files: KeyPairFiles;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-store-'));
  database = join(folder, 'events.db');
  files = madeFilesOf(database);
});
afterEach(() => rm(folder, { recursive: true }));

const day = 24 * 60 * 60 * 1_000;

const write = async (days: readonly [number, number]) => {
  const [notBeforeDate, notAfterDate] = days.map((count) => new Date(Date.now() + count * day)) as [Date, Date];
  const altNames = [
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
    { type: 7, ip: '::1' },
  ] as const;
  const extensions = [{ name: 'subjectAltName' as const, altNames: [...altNames] }];
  const made = await generate([], { keyType: 'ec', notBeforeDate, notAfterDate, algorithm: 'sha256', extensions });
  await writeFile(files.certificate, made.cert);
  await writeFile(files.key, made.private);
  return { certificate: made.cert, key: made.private };
};

describe('one that is made', () => {
  it('is for this machine and the host, and lasts', async () => {
    const certificate = new X509Certificate((await madeKeyPair(database, 'store.example')).certificate);
    for (const name of ['localhost', 'store.example', hostname()]) expect(certificate.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '::1']) expect(certificate.checkIP(address)).toBe(address);
    expect(new Date(certificate.validTo).getTime()).toBeGreaterThan(Date.now() + 4 * 365 * day);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
  });

  it('is kept, with a key that only its owner reads', async () => {
    const made = await madeKeyPair(database, '0.0.0.0');
    expect(await readFile(files.certificate, 'utf8')).toBe(made.certificate);
    expect((await stat(files.key)).mode & 0o777).toBe(0o600);
    expect(await madeKeyPair(database, '127.0.0.1')).toEqual(made);
  });

  it('is made again for another host', async () => {
    const made = await madeKeyPair(database, '127.0.0.1');
    const other = await madeKeyPair(database, '192.0.2.1');
    expect(other.certificate).not.toBe(made.certificate);
    expect(new X509Certificate(other.certificate).checkIP('192.0.2.1')).toBe('192.0.2.1');
    expect((await stat(files.key)).mode & 0o777).toBe(0o600);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['has ended', () => write([-10, -1])],
    ['ends soon', () => write([-10, 29])],
    ['is damaged', () => writeFile(files.certificate, 'hello')],
    ['has lost its key', () => unlink(files.key)],
    ['has another key', async () => writeFile(files.key, (await generate([], { keyType: 'ec' })).private)],
  ])('is made again when the one that is kept %s', async (_what, spoil) => {
    await madeKeyPair(database, 'localhost');
    await spoil();
    const before = await readFile(files.certificate, 'utf8');
    const made = await madeKeyPair(database, 'localhost');
    expect(made.certificate).not.toBe(before);
    expect(await readKeyPair(files)).toEqual(made);
  });

  it('stays when it lasts for a while', async () => {
    const kept = await write([-10, 31]);
    expect(await madeKeyPair(database, 'localhost')).toEqual(kept);
  });
});

describe('one that is given', () => {
  it('is taken as it is', async () => expect(await write([-1, 1])).toEqual(await readKeyPair(files)));

  it.each<[string, () => Promise<unknown>, string]>([
    ['is missing', () => unlink(files.certificate), 'cannot be read'],
    ['has no key', () => unlink(files.key), 'cannot be read'],
    ['is no PEM', () => writeFile(files.certificate, 'hello'), 'holds no certificate or key in PEM'],
    ['has a key that is no PEM', () => writeFile(files.key, 'hello'), 'holds no certificate or key in PEM'],
    [
      'has another key',
      async () => writeFile(files.key, (await generate([], { keyType: 'ec' })).private),
      'does not belong to the certificate',
    ],
    ['has ended', () => write([-10, -1]), 'is valid from'],
    ['has not begun', () => write([1, 10]), 'is valid from'],
  ])('is refused when it %s', async (_what, spoil, sentence) => {
    await write([-1, 1]);
    await spoil();
    await expect(readKeyPair(files)).rejects.toThrow(sentence);
  });
});
