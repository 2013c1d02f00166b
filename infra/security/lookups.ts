import { createHmac } from 'node:crypto';
import type { Keyring } from './keyring.js';

/** HMACs that stand where the value itself must not. */
export type Lookups = Readonly<{
  /** Names the stream and the credentials of an address, however it is written (case, spaces around it). */
  emailHash: (email: string) => Promise<string>;
  /** Tells two request bodies apart; members in any order, passwords left out. */
  requestHash: (body: unknown) => Promise<string>;
}>;

export const createLookups = (keyring: Keyring): Lookups => {
  const hmac = async (purpose: string, value: string) =>
    createHmac('sha256', await keyring.secret('lookup'))
      .update(`${purpose}\0${value}`)
      .digest('hex');
  return {
    emailHash: (email) => hmac('email', normalised(email)),
    requestHash: (body) => hmac('request', canonical(body ?? null)),
  };
};

const normalised = (email: string) => email.trim().normalize('NFC').toLowerCase();

const canonical = (body: unknown): string =>
  JSON.stringify(body, (name, value: unknown) => {
    if (name === 'password') return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
