import * as argon2 from '@node-rs/argon2';
import { DomainError } from '../../domains/shared/errors.js';

/** Each takes 19 MiB and a thread of the four that Node also needs for names and files. */
const mostAtOnce = 2;

/** So many wait for about two seconds. */
const mostWaiting = 64;

let atWork = 0;
const waiting: (() => void)[] = [];

/** @throws DomainError `gateway.overloaded` where too many wait already. */
const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  if (atWork < mostAtOnce) atWork += 1;
  else if (waiting.length >= mostWaiting)
    throw new DomainError('gateway.overloaded', 'Too many people sign in at once; try again soon');
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    // Whoever waits longest goes on in this one's place.
    const next = waiting.shift();
    if (next) next();
    else atWork -= 1;
  }
};

/** As of `@node-rs/argon2`, a few at a time. @throws DomainError `gateway.overloaded` */
export const hash = (...given: Parameters<typeof argon2.hash>) => inTurn(() => argon2.hash(...given));

/** As of `@node-rs/argon2`, a few at a time. @throws DomainError `gateway.overloaded` */
export const verify = (...given: Parameters<typeof argon2.verify>) => inTurn(() => argon2.verify(...given));
