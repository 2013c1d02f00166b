import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where checkpoints are kept that nobody who can change the stores should be able to change as well. */
export type CheckpointTarget = Readonly<{
  /** Adds a note after the others. @throws TargetUnreachable */
  append: (note: string) => Promise<void>;
  /** All notes in their order; JSON that is no note comes as an empty text. @throws TargetUnreachable */
  all: () => Promise<readonly string[]>;
}>;

/** Checkpoints can neither be written nor read there now. */
export class TargetUnreachable extends Error {
  override readonly name = 'TargetUnreachable';
}

/** A file that only grows, or an `http(s)` URL of which POST appends a line and GET gives all. Either is NDJSON. */
export const openCheckpointTarget = (place: string): CheckpointTarget => {
  const { append, read } = /^https?:\/\//.test(place) ? remote(place) : local(place);
  const reaching = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw new TargetUnreachable(`The checkpoints at ${place} cannot be reached`, { cause: error });
    }
  };
  return {
    append: (note) => reaching(() => append(`${JSON.stringify({ checkpoint: note })}\n`)),
    all: async () => linesOf(await reaching(read)).flatMap(notesOf),
  };
};

type Medium = Readonly<{ append: (line: string) => Promise<void>; read: () => Promise<string> }>;

const local = (path: string): Medium => ({
  append: async (line) => {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a+', 0o644);
    try {
      await file.appendFile((await isTorn(file)) ? `\n${line}` : line);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  read: () => readFile(path, 'utf8').catch(nothingYet),
});

/** Whether a machine that failed, or a disk that was full, left a line without its end: it may not be cut off again. */
const isTorn = async (file: Awaited<ReturnType<typeof open>>): Promise<boolean> => {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
};

const nothingYet = (error: unknown): string => {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
  throw error;
};

const remote = (url: string): Medium => ({
  append: async (body) => {
    await answerOf(url, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body });
  },
  read: async () => (await answerOf(url, {})).text(),
});

const answerOf = async (url: string, request: RequestInit): Promise<Response> => {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(withinMs) });
  if (!response.ok) throw new Error(`It answered ${response.status}`);
  return response;
};

/** All checkpoints of some years are read within that. */
const withinMs = 30_000;

/** What follows the last line's end was never wholly written. */
const linesOf = (text: string): readonly string[] => text.split('\n').slice(0, -1);

/**
 * The note of a line, if it is one. Who makes a line look torn gains no more than by taking it away: a note that was
 * counted on is then missed.
 */
const notesOf = (line: string): readonly string[] => {
  try {
    const read = JSON.parse(line) as Readonly<{ checkpoint?: unknown }> | null;
    return [typeof read?.checkpoint === 'string' ? read.checkpoint : ''];
  } catch {
    // It was torn, and its note written again after it.
    return [];
  }
};
