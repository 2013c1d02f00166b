import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import type { ClaimEmail } from './commands.js';
import type { EmailEvent } from './events.js';

export type Email = Readonly<{ claimedBy: string | null }>;

const decide = ({ data }: ClaimEmail, { claimedBy }: Email): readonly EmailEvent[] => {
  if (claimedBy === data.userId) return [];
  if (claimedBy !== null) throw new DomainError('user.email_taken', 'Another account uses this email address');
  return [{ type: 'EmailClaimed', data: { userId: data.userId } }];
};

const evolve = (_email: Email, { data }: EmailEvent): Email => ({ claimedBy: data.userId });

export const email: Decider<Email, ClaimEmail, EmailEvent> = { initial: { claimedBy: null }, decide, evolve };
