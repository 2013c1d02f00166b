import * as argon2 from '@node-rs/argon2';
import { DomainError } from '../../domains/shared/errors.js';

/** Each takes 19 MiB and a thread of the four that Node also needs for names and files. */
const mostAtOnce = 2;

/** So many wait for about two seconds. */
const mostWaiting = 64;

/** Those who register make hashes, those who sign in verify them: neither wait behind all of the others. */
type Kind = 'hash' | 'verify';
const turns: Readonly<Record<Kind, (() => void)[]>> = { hash: [], verify: [] };
const others = { hash: 'verify', verify: 'hash' } as const;

let atWork = 0;

/** @throws DomainError `gateway.overloaded` where too many of its kind wait already. */
const inTurn = async <Result>(kind: Kind, work: () => Promise<Result>): Promise<Result> => {
  const waiting = turns[kind];
  if (atWork < mostAtOnce) atWork += 1;
  else if (waiting.length >= mostWaiting)
    throw new DomainError('gateway.overloaded', 'Too many people sign in at once; try again soon');
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    // Whoever waits longest goes on in this one's place, of the other kind where there is one.
    const next = turns[others[kind]].shift() ?? waiting.shift();
    if (next) next();
    else atWork -= 1;
  }
};

/** As of `@node-rs/argon2`, a few at a time. @throws DomainError `gateway.overloaded` */
export const hash = (...given: Parameters<typeof argon2.hash>) => inTurn('hash', () => argon2.hash(...given));

/** As of `@node-rs/argon2`, a few at a time. @throws DomainError `gateway.overloaded` */
export const verify = (...given: Parameters<typeof argon2.verify>) => inTurn('verify', () => argon2.verify(...given));
