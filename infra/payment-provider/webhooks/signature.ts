import { createHmac, timingSafeEqual } from 'node:crypto';

/** The most seconds that a signature may be away from the clock of whoever checks it: an old one may be a replay. */
export const toleranceSeconds = 300;

/** The header for a body, in Stripe's scheme: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`. */
export const signatureOf = (body: string | Buffer, { secret, at }: Readonly<{ secret: string; at: number }>): string =>
  `t=${at},v1=${hmacOf(body, secret, String(at)).toString('hex')}`;

/**
 * Whether a header was made for just this body, by somebody who knows the secret, not long before or after `now` (unix
 * seconds). While a secret is exchanged a header carries several signatures: one is enough.
 */
export const isSignedBy = (
  header: string,
  body: Buffer,
  { secret, now }: Readonly<{ secret: string; now: number }>,
): boolean => {
  const parts = header.split(',').map((part) => part.trim().split('='));
  const valuesOf = (name: string) => parts.flatMap(([key, value = '']) => (key === name ? [value] : []));
  const [at = ''] = valuesOf('t');
  if (!/^\d{1,12}$/.test(at) || Math.abs(now - Number(at)) > toleranceSeconds) return false;
  const expected = hmacOf(body, secret, at);
  return valuesOf('v1').some((signature) => isSame(Buffer.from(signature, 'hex'), expected));
};

const hmacOf = (body: string | Buffer, secret: string, at: string): Buffer =>
  createHmac('sha256', secret).update(`${at}.`).update(body).digest();

/** Takes as long for one that is nearly right as for any other. */
const isSame = (given: Buffer, expected: Buffer) =>
  given.length === expected.length && timingSafeEqual(given, expected);
