import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { intoCache, type Binary, type Program, type Progress } from './binary.js';
import { unzip } from './zip.js';

/**
 * An official release archive (.tar.gz) and the end of the binary's path in it. Either the archive's SHA-256 is known,
 * or the release publishes a list with the binary's. Of a JAR the sum is known, and the whole path.
 */
export type Release = Readonly<{
  archive: string;
  binary: string;
  checksum: Readonly<{ sha256: string }> | Readonly<{ listedAt: string }>;
}>;

/** Without a byte for so long, a download has failed. */
const patience = 15_000;

/**
 * Downloads a release and puts its binary into the cache.
 *
 * @throws Error when there is no release for this machine, it cannot be reached, stalls, or its checksum differs.
 */
export const download = async (
  program: Program,
  release: Release | undefined,
  { env, progress, signal }: { env: NodeJS.ProcessEnv; progress: Progress; signal: AbortSignal },
): Promise<Binary> => {
  if (release === undefined) throw new Error(`no release for ${process.platform}-${process.arch}`);
  progress('downloading');
  return intoCache(program, env, async (folder) => {
    const archive = join(folder, 'archive.tgz');
    await save(release.archive, archive, (percent) => progress('downloading', `${percent} %`), signal);
    if ('sha256' in release.checksum) await verify(archive, release.checksum.sha256);
    if (release.archive.endsWith('.jar')) {
      await unzip(archive, release.binary, join(folder, release.binary));
      return join(folder, release.binary);
    }
    const member = await memberOf(archive, release.binary);
    await promisify(execFile)('tar', ['-xzf', archive, '-C', folder, member], { signal });
    const binary = join(folder, member);
    if ('listedAt' in release.checksum) await verify(binary, await listedSum(release.checksum.listedAt, member));
    return binary;
  });
};

/** Whether the release could be downloaded, answered within two seconds. */
export const isReachable = async (release: Release | undefined): Promise<boolean> => {
  if (release === undefined) return false;
  try {
    return (await fetch(release.archive, { method: 'HEAD', signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false; // a network without way out, or one too slow to count on
  }
};

const save = async (url: string, path: string, tell: (percent: number) => void, signal: AbortSignal) => {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`${url} is silent`)), patience);
  try {
    const response = await get(url, AbortSignal.any([signal, silence.signal]));
    const total = Number(response.headers.get('content-length') ?? 0);
    let received = 0;
    let shown = 0;
    const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        timer.refresh();
        received += chunk.byteLength;
        const percent = total === 0 ? 0 : Math.floor((received / total) * 10) * 10;
        if (percent > shown) tell((shown = percent));
        yield chunk;
      }
    };
    await pipeline(Readable.from(response.body ?? []), counted, createWriteStream(path));
  } finally {
    clearTimeout(timer);
  }
};

const get = async (url: string, signal: AbortSignal): Promise<Response> => {
  const response = await fetch(url, { signal }).catch((error: unknown) => {
    const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
    throw new Error(`${new URL(url).host}: ${cause?.code ?? cause?.message ?? message}`, { cause: error });
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response;
};

const memberOf = async (archive: string, binary: string): Promise<string> => {
  const { stdout } = await promisify(execFile)('tar', ['-tzf', archive], { maxBuffer: 16 * 1024 * 1024 });
  const member = stdout.split('\n').find((name) => name === binary || name.endsWith(`/${binary}`));
  if (member === undefined) throw new Error(`the archive holds no ${binary}`);
  return member;
};

const listedSum = async (url: string, file: string): Promise<string> => {
  const lines = (await (await get(url, AbortSignal.timeout(patience))).text()).split('\n');
  const sum = lines
    .map((line) => /^([0-9a-f]{64}) [ *](.*)$/.exec(line.trim()))
    .find((match) => match?.[2] === file)?.[1];
  if (sum === undefined) throw new Error(`${url} does not list ${file}`);
  return sum;
};

const verify = async (path: string, expected: string) => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const actual = hash.digest('hex');
  if (actual !== expected) throw new Error(`SHA-256 of ${basename(path)} is ${actual}, not ${expected}`);
};
