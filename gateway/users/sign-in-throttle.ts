import type { Buckets } from '../limits/memory-buckets.js';
import { LimitReached } from '../limits/limit-reached.js';
import type { BucketRules } from '../limits/token-bucket.js';

/** Who tries to sign in, by the HMAC of an email address and the address it comes from. */
export type Attempt = Readonly<{ emailHash: string; address: string }>;

/**
 * Lets somebody try to sign in, and counts what fails. `verify` gives nothing where the credentials are wrong.
 *
 * @throws DomainError `auth.too_many_attempts` before anything is verified, whether there is such an account or not; and
 * what `verify` throws.
 */
export type SignInThrottle = <Found>(
  attempt: Attempt,
  verify: () => Promise<Found | undefined>,
) => Promise<Found | undefined>;

/**
 * Ten failures, then one in half a minute, for an account from one address: whoever guesses somebody's password is slow,
 * and does not keep its owner out, who comes from elsewhere.
 */
const ofAccountFromAddress: BucketRules = { perSecond: 1 / 30, burst: 10 };

/**
 * A hundred failures for an account from wherever, then one in half a minute (NIST SP 800-63B, 5.2.2, allows no more in a
 * row). Many addresses together can keep its owner waiting: the price of not being guessed.
 */
const ofAccount: BucketRules = { perSecond: 1 / 30, burst: 100 };

/** For whoever tries one password on many accounts; many people may sit behind one address, so it is larger. */
const ofAddress: BucketRules = { perSecond: 1 / 3, burst: 100 };

/**
 * Each attempt takes a token of three buckets before it is verified, so that no number of attempts at once gets through,
 * and gives them back unless it failed (OWASP Authentication Cheat Sheet, Login Throttling).
 */
export const createSignInThrottle =
  (buckets: Buckets): SignInThrottle =>
  async ({ emailHash, address }, verify) => {
    const needed: readonly (readonly [string, BucketRules])[] = [
      [`failures:${emailHash} ${address}`, ofAccountFromAddress],
      [`failures:${address}`, ofAddress],
      [`failures:${emailHash}`, ofAccount],
    ];
    const taken: (typeof needed)[number][] = [];
    const giveBack = () => Promise.all(taken.map(([name, rules]) => Promise.resolve(buckets.giveBack(name, rules))));
    let hasFailed = false;
    try {
      for (const [name, rules] of needed) {
        const { isTaken, waitMs } = await buckets.take(name, rules);
        if (!isTaken) throw new LimitReached('auth.too_many_attempts', sentence, waitMs);
        taken.push([name, rules]);
      }
      const found = await verify();
      hasFailed = found === undefined;
      return found;
    } finally {
      if (!hasFailed) await giveBack();
    }
  };

const sentence = 'Too many attempts to sign in have failed; wait as long as Retry-After says';
