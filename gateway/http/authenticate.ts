import { DomainError } from '../../domains/shared/errors.js';
import type { AccessTokens, Caller } from '../../infra/security/access-tokens.js';
import { anonymous, type Access } from './route.js';

/** What knows whose tokens are. */
export type TokenReader = Pick<AccessTokens, 'recall' | 'verify'>;

/**
 * Lets a caller in, or does not: with `recalled`, the one place that looks at tokens and roles.
 *
 * @throws DomainError `auth.missing_token`, `auth.forbidden`, and what `verify` throws.
 */
export const authenticate = async (
  access: Access,
  authorization: string | undefined,
  { verify }: Pick<TokenReader, 'verify'>,
): Promise<Caller> => {
  if (access === 'public') return anonymous;
  const token = bearerToken(authorization);
  if (token === undefined)
    throw new DomainError('auth.missing_token', 'Send an access token in the header Authorization: Bearer …');
  return permitted(access, await verify(token));
};

/**
 * Lets a caller in at once whose token was verified before; undefined where it must be looked at.
 *
 * @throws DomainError `auth.forbidden`.
 */
export const recalled = (
  access: Access,
  authorization: string | undefined,
  { recall }: Pick<TokenReader, 'recall'>,
): Caller | undefined => {
  const token = bearerToken(authorization);
  const caller = token === undefined ? undefined : recall(token);
  return caller && permitted(access, caller);
};

const permitted = (access: Access, caller: Caller): Caller => {
  if (typeof access === 'object' && !access.roles.some((role) => caller.roles.includes(role)))
    throw new DomainError('auth.forbidden', `This is for ${access.roles.join(' and ')}`);
  return caller;
};

/** The token of an `Authorization` header (RFC 6750, 2.1); undefined where it has none. */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
