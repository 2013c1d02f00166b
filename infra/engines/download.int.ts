import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, findBinary, type Program } from './binary.js';
import { download, type Release } from './download.js';

const program: Program = { name: 'engine', version: '1.0', versionArgs: ['--version'] };
const script = '#!/bin/sh\necho engine 1.0\n';
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

let folder: string;
let archive: Buffer;
let server: Server;
let base: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evermart-release-'));
  mkdirSync(join(folder, 'engine-1.0'));
  writeFileSync(join(folder, 'engine-1.0/engine'), script);
  chmodSync(join(folder, 'engine-1.0/engine'), 0o755);
  execFileSync('tar', ['-czf', 'engine.tgz', 'engine-1.0'], { cwd: folder });
  archive = readFileSync(join(folder, 'engine.tgz'));
  const files: Record<string, string | Buffer> = {
    '/engine.tgz': archive,
    '/sums.txt': `${sha256(script)} *engine-1.0/engine\n`,
    '/wrong-sums.txt': `${sha256('other')} *engine-1.0/engine\n`,
  };
  server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  env = { EVERMART_CACHE_DIR: mkdtempSync(join(folder, 'cache-')) };
});

const fetchFrom = (release: Partial<Release>) =>
  download(
    program,
    { archive: `${base}/engine.tgz`, binary: 'engine', checksum: { sha256: sha256(archive) }, ...release },
    { env, progress: () => undefined, signal: new AbortController().signal },
  );

describe('a downloaded engine', () => {
  it('lies in the cache when the archive is the known one', async () => {
    const binary = await fetchFrom({});
    expect(findBinary(program, env)).toEqual(binary);
    expect(readdirSync(cacheFolder(env))).toHaveLength(1);
  });

  it('lies in the cache when the binary is the one that the release lists', async () => {
    await fetchFrom({ checksum: { listedAt: `${base}/sums.txt` } });
    expect(findBinary(program, env)).not.toBeNull();
  });

  it.each([
    ['another archive', () => ({ checksum: { sha256: sha256('other') } }), 'SHA-256'],
    ['another binary', () => ({ checksum: { listedAt: `${base}/wrong-sums.txt` } }), 'SHA-256'],
    ['a release that is not there', () => ({ archive: `${base}/none.tgz` }), '404'],
    ['an archive without the binary', () => ({ binary: 'other' }), 'holds no other'],
    ['a server that refuses', () => ({ archive: 'http://127.0.0.1:1/engine.tgz' }), '127.0.0.1:1'],
  ])('is not taken from %s', async (_what, release, reason) => {
    await expect(fetchFrom(release())).rejects.toThrow(reason);
    expect(readdirSync(cacheFolder(env))).toEqual([]);
  });
});
