import type { Decider, Message } from '../../../domains/shared/decider.js';
import { DomainError } from '../../../domains/shared/errors.js';
import type { Aggregate } from '../../../domains/shared/service.js';

type TallyCommand = Message<'Add', { amount: number; note?: string }> | Message<'Reach', { total: number }>;
type TallyEvent = Message<'Added', { amount: number; by: string | null; note: string | null }>;

/** `notes` is what a rule could wrongly be told: the latest notes that a decider was shown. */
export type Tally = Readonly<{ total: number; notes: readonly (string | null)[] }>;

const decider: Decider<Tally, TallyCommand, TallyEvent> = {
  initial: { total: 0, notes: [] },
  decide: ({ type, data }, { total }) => {
    if (type === 'Add') {
      if (data.amount < 0) throw new DomainError('stock.out_of_stock', 'A tally only grows');
      return [{ type: 'Added', data: { amount: data.amount, by: 'somebody', note: data.note ?? null } }];
    }
    if (data.total < total) throw new DomainError('stock.out_of_stock', 'A tally only grows');
    return data.total === total
      ? []
      : [{ type: 'Added', data: { amount: data.total - total, by: 'somebody', note: null } }];
  },
  evolve: ({ total, notes }, { data }) => ({ total: total + data.amount, notes: [...notes.slice(-5), data.note] }),
};

/** A sum that only grows. Its events are in their second version: the first had `number` for `amount`. */
export const tally: Aggregate<Tally, TallyCommand, TallyEvent> = {
  category: 'tally',
  decider,
  events: { Added: { version: 2, personal: { subject: 'by', fields: ['note'] } } },
  upcasters: { Added: { 1: ({ number }) => ({ amount: number, by: null, note: null }) } },
  snapshot: { version: 1 },
};

/** A command that adds. */
export const add = (id: string, amount: number, note?: string) => ({
  aggregate: tally,
  id,
  command: { type: 'Add', data: { amount, ...(note === undefined ? {} : { note }) } },
});

/** A command that repeats what is so when the total is reached already. */
export const reach = (id: string, total: number) => ({
  aggregate: tally,
  id,
  command: { type: 'Reach', data: { total } },
});
