import { randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { UnusableCredentials } from './credentials.js';

// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const shortest = 12;
const longest = 256;

/** @throws UnusableCredentials when the password is too short or cannot be sent. */
export const hashPassword = (password: string): Promise<string> => {
  const { length } = password;
  if (length < shortest || length > longest || /\p{Cc}/u.test(password))
    throw new UnusableCredentials(
      `A password has ${shortest} to ${longest} characters in one line; this one has ${length}`,
    );
  return hash(password, cost);
};

/** Whether the password belongs to the hash, or `busy` when too many others wait to be checked. */
export type PasswordCheck = (hash: string | undefined, password: string) => Promise<boolean | 'busy'>;

/**
 * Checks as many passwords at once as the limits allow, since each takes much time and memory on purpose. Without a
 * hash it does the same work and says no: whether there is such a user must not show.
 */
export const createPasswordCheck = ({ atOnce = 2, waiting = 64 } = {}): PasswordCheck => {
  const nobodysHash = hash(randomUUID(), cost);
  const queue: (() => void)[] = [];
  let running = 0;

  const enter = async () => {
    running += 1;
    if (running > atOnce) await new Promise<void>((resolve) => queue.push(resolve));
  };
  const leave = () => {
    running -= 1;
    queue.shift()?.();
  };

  return async (stored, password) => {
    if (queue.length >= waiting) return 'busy';
    await enter();
    try {
      const isRight = await verify(stored ?? (await nobodysHash), password);
      return stored !== undefined && isRight;
    } finally {
      leave();
    }
  };
};
