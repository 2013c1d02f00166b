import type { Message } from '../shared/decider.js';
import { fields, id, list, optional, parseBy, text, type Parser } from '../shared/parse.js';
import type { Role } from './events.js';

const roleNames = ['customer', 'staff', 'auditor', 'admin'];

const role: Parser<Role> = (value, pointer, report) => {
  if (!roleNames.includes(String(value))) report({ pointer, detail: `must be one of ${roleNames.join(', ')}` });
  return value as Role;
};

/** `emailHash` is the HMAC of the normalised address, which names the stream that claims it. */
export type RegisterUser = Message<
  'RegisterUser',
  {
    userId: string;
    email: string;
    emailHash: string;
    name: string;
    phone: string | null;
    roles: readonly Role[];
  }
>;
export type ClaimEmail = Message<'ClaimEmail', { userId: string }>;

export const parseRegisterUser: (data: unknown) => RegisterUser['data'] = parseBy(
  fields({
    userId: id,
    email: text(254, 3),
    emailHash: id,
    name: text(200),
    phone: optional(text(40)),
    roles: list(role, roleNames.length),
  }),
);

export const parseUserQuestion = parseBy(fields({ userId: id }));
