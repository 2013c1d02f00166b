import { isSignedBy, signatureOf } from './signature.js';

const secret = 'whsec_test_secret';
const body = Buffer.from('{"id":"ntc_1","kind":"capture.succeeded"}');
const at = 1_700_000_000;
const header = signatureOf(body, { secret, at });
const [, signature = ''] = header.split('v1=');

const isSigned = (given: string, { of = body, by = secret, now = at } = {}) =>
  isSignedBy(given, of, { secret: by, now });

it('has the form of Stripe', () => {
  // echo -n '1700000000.{"id":"ntc_1","kind":"capture.succeeded"}' | openssl dgst -sha256 -hmac whsec_test_secret
  expect(header).toBe('t=1700000000,v1=fb22290daff49a8ca16c353e762640c386d753518e553c1e7c177385b74be87c');
});

it('is accepted within five minutes', () => {
  expect([at - 300, at, at + 300].map((now) => isSigned(header, { now }))).toEqual([true, true, true]);
});

it('is accepted beside another, as while a secret is exchanged, and beside other schemes', () => {
  expect(isSigned(`t=${at}, v1=${'0'.repeat(64)}, v1=${signature}, v0=abc`)).toBe(true);
});

it.each([
  ['from another secret', isSigned(header, { by: 'whsec_other_secret' })],
  ['of another body', isSigned(header, { of: Buffer.from(`${body.toString()} `) })],
  ['of another time', isSigned(`t=${at + 1},v1=${signature}`)],
  ['that is too old', isSigned(header, { now: at + 301 })],
  ['from the future', isSigned(header, { now: at - 301 })],
  ['that is cut short', isSigned(header.slice(0, -2))],
  ['without a time', isSigned(`v1=${signature}`)],
  ['of no number as time', isSigned(`t=1e9,v1=${signature}`)],
  ['of another scheme', isSigned(`t=${at},v0=${signature}`)],
  ['that is empty', isSigned('')],
])('is refused: one %s', (_what, isAccepted) => expect(isAccepted).toBe(false));
