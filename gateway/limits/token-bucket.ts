/** A bucket holds at most `burst` tokens and gains `perSecond` of them every second; both are above 0. */
export type BucketRules = Readonly<{ perSecond: number; burst: number }>;

/** How full a bucket was at an instant, in milliseconds of a clock that only goes forward. */
export type Bucket = Readonly<{ tokens: number; at: number }>;

/** What became of a request for a token. */
export type Taken = Readonly<{
  bucket: Bucket;
  isTaken: boolean;
  /** Whole tokens that are left. */
  left: number;
  /** Until there is a token again; 0 while there is one. */
  waitMs: number;
  /** Until the bucket is full again. */
  fullMs: number;
}>;

/**
 * Takes a token at `now` where there is one (https://en.wikipedia.org/wiki/Token_bucket). A bucket that is not known is
 * full. One that is empty loses nothing: whoever goes on asking waits no longer for it.
 */
export const take = ({ perSecond, burst }: BucketRules, bucket: Bucket | undefined, now: number): Taken => {
  const gained = bucket ? (Math.max(0, now - bucket.at) * perSecond) / 1_000 : 0;
  const there = bucket ? Math.min(burst, bucket.tokens + gained) : burst;
  const isTaken = there >= 1;
  const tokens = isTaken ? there - 1 : there;
  const until = (wanted: number) => Math.ceil((Math.max(0, wanted - tokens) / perSecond) * 1_000);
  const at = Math.max(now, bucket?.at ?? now);
  return { bucket: { tokens, at }, isTaken, left: Math.floor(tokens), waitMs: until(1), fullMs: until(burst) };
};
