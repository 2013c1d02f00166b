/** A bucket holds at most `burst` tokens and gains `perSecond` of them every second; both are above 0. */
export type BucketRules = Readonly<{ perSecond: number; burst: number }>;

/** How full a bucket was at an instant, in milliseconds of a clock that only goes forward. */
export type Bucket = Readonly<{ tokens: number; at: number }>;

/** What became of a request for a token. */
export type Told = Readonly<{
  isTaken: boolean;
  /** Whole tokens that are left. */
  left: number;
  /** Until there is a token again; 0 while there is one. */
  waitMs: number;
  /** Until the bucket is full again. */
  fullMs: number;
}>;

export type Taken = Told & Readonly<{ bucket: Bucket }>;

/**
 * Takes a token at `now` where there is one (https://en.wikipedia.org/wiki/Token_bucket). A bucket that is not known is
 * full. One that is empty loses nothing: whoever goes on asking waits no longer for it.
 */
export const take = (rules: BucketRules, bucket: Bucket | undefined, now: number): Taken => {
  const there = tokensAt(rules, bucket, now);
  const isTaken = there >= 1;
  const tokens = isTaken ? there - 1 : there;
  return { bucket: { tokens, at: Math.max(now, bucket?.at ?? now) }, ...told(rules, tokens, isTaken) };
};

/** The bucket once a token that was taken has come back to it; it never holds more than its burst. */
export const giveBack = (rules: BucketRules, bucket: Bucket | undefined, now: number): Bucket => ({
  tokens: Math.min(rules.burst, tokensAt(rules, bucket, now) + 1),
  at: Math.max(now, bucket?.at ?? now),
});

const tokensAt = ({ perSecond, burst }: BucketRules, bucket: Bucket | undefined, now: number): number =>
  bucket ? Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * perSecond) / 1_000) : burst;

/** What a bucket that holds so many tokens now says of itself. */
export const told = ({ perSecond, burst }: BucketRules, tokens: number, isTaken: boolean): Told => ({
  isTaken,
  left: Math.floor(tokens),
  waitMs: untilMs(1, tokens, perSecond),
  fullMs: untilMs(burst, tokens, perSecond),
});

const untilMs = (wanted: number, tokens: number, perSecond: number) =>
  Math.ceil((Math.max(0, wanted - tokens) / perSecond) * 1_000);
