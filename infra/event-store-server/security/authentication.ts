import { createHmac, randomBytes } from 'node:crypto';
import type { PasswordCheck } from './passwords.js';
import type { Users } from '../log/users.js';

/** A user who has given the right password, and the hash that it was right for. */
export type Identity = Readonly<{ name: string; hash: string }>;

/** What becomes of a call: `busy` says that it was not looked at, since too many wait for that. */
export type Verdict = Readonly<{ type: 'accepted'; identity: Identity }> | Readonly<{ type: 'refused' | 'busy' }>;

export type Authenticator = Readonly<{
  /** Takes the value of an `authorization` header. */
  check: (header: string | undefined) => Promise<Verdict>;
  /** Whether the user is still there, with the same password. */
  isCurrent: (identity: Identity) => boolean;
}>;

/** How many right passwords are remembered. */
const mostRemembered = 1_000;

/**
 * Checks basic authentication (RFC 7617) against the users of the store. A password that was right is remembered, by
 * a keyed digest that is of no use outside this process, for as long as the stored hash stays the same.
 */
export const createAuthenticator = (users: Users, checkPassword: PasswordCheck): Authenticator => {
  const secret = randomBytes(32);
  const remembered = new Map<string, string>();
  const underWay = new Map<string, ReturnType<PasswordCheck>>();

  const check: Authenticator['check'] = async (header) => {
    const credentials = credentialsIn(header);
    if (!credentials) return { type: 'refused' };
    const { name, password } = credentials;
    const hash = users.hashOf(name);
    const digest = createHmac('sha256', secret).update(`${name}:${password}`).digest('base64');
    if (hash !== undefined && remembered.get(digest) === hash) return { type: 'accepted', identity: { name, hash } };

    const isRight = await checkOnce(`${digest} ${hash}`, hash, password);
    if (isRight === 'busy') return { type: 'busy' };
    if (!isRight || hash === undefined || users.hashOf(name) !== hash) return { type: 'refused' };
    remember(digest, hash);
    return { type: 'accepted', identity: { name, hash } };
  };

  /** Many calls of one client begin at once: they wait for the same check. */
  const checkOnce = (key: string, hash: string | undefined, password: string) => {
    const known = underWay.get(key);
    if (known) return known;
    const outcome = checkPassword(hash, password).finally(() => underWay.delete(key));
    underWay.set(key, outcome);
    return outcome;
  };

  const remember = (digest: string, hash: string) => {
    remembered.delete(digest);
    remembered.set(digest, hash);
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
  };

  return { check, isCurrent: ({ name, hash }) => users.hashOf(name) === hash };
};

const credentialsIn = (header: string | undefined) => {
  const encoded = /^Basic +([A-Za-z0-9+/_=-]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 1 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
};
