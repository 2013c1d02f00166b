import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asJson, type Common, type Desk } from './desk.js';
import { UsageError } from './usage-error.js';

type Options = Common & Readonly<{ out: string; stream?: string; correlation?: string; from?: string; to?: string }>;

/** `export`: fetches a signed bundle into a file. The file is there once it is whole. */
export const exportBundle =
  ({ open, print, openProgress, signal }: Desk) =>
  async ({ url, json, out, ...options }: Options): Promise<void> => {
    const selection = selectionOf(options);
    const audit = await open(url);
    const progress = openProgress();
    const unfinished = `${out}.part`;
    let bytes = 0;
    const counting = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        progress.say(`${bytes.toLocaleString('en')} bytes`);
        done(null, chunk);
      },
    });
    try {
      progress.say('The bundle is made');
      const bundle = await audit.download('/exports', selection);
      await pipeline(bundle, counting, createWriteStream(unfinished), { signal });
      await rename(unfinished, out);
    } finally {
      progress.end();
      await rm(unfinished, { force: true });
    }
    if (json) await print(asJson({ file: out, bytes }));
    else await print(`${out}: ${bytes} bytes\nnpm run audit -- check ${out} --key public-key.pem   checks it off line`);
  };

const selectionOf = ({ stream, correlation, from, to }: Omit<Options, 'out' | keyof Common>): object => {
  const isPeriod = from !== undefined && to !== undefined;
  const isHalf = (from === undefined) !== (to === undefined);
  if (isHalf || [stream !== undefined, correlation !== undefined, isPeriod].filter(Boolean).length !== 1)
    throw new UsageError('Give one of --stream, --correlation, or --from with --to.');
  if (stream !== undefined) return { stream };
  return correlation === undefined ? { from, to } : { correlationId: correlation };
};
