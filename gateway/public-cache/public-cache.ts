import { LRUCache } from 'lru-cache';

/** What a public read answered. */
export type KeptAnswer = Readonly<{
  /** JSON. */
  text: string;
  etag: string;
  /** The answer shows everything that was stored up to this position. */
  at: bigint;
  /** In milliseconds since 1970. */
  readAt: number;
}>;

/** Answers to public reads. They may be lost at any time without harm; neither function rejects. */
export type PublicCache = Readonly<{
  get: (key: string) => Promise<KeptAnswer | undefined>;
  set: (key: string, answer: KeptAnswer) => Promise<void>;
}>;

/** For so long an answer is kept where nothing changes it. */
export const keptForMs = 60_000;

const mostBytes = 32 * 1024 * 1024;

/** What an entry takes beside its texts. */
const overheadBytes = 200;

/** Keeps answers in this process's memory, at most so many bytes of them. */
export const createMemoryCache = (most = mostBytes): PublicCache => {
  const answers = new LRUCache<string, KeptAnswer>({
    maxSize: most,
    // A string that is not all Latin takes two bytes a character.
    sizeCalculation: ({ text }, key) => 2 * (text.length + key.length) + overheadBytes,
    ttl: keptForMs,
  });
  return {
    get: (key) => Promise.resolve(answers.get(key)),
    set: (key, answer) => {
      answers.set(key, answer);
      return Promise.resolve();
    },
  };
};
