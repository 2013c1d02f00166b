import { inWords } from '../format.js';

/** What a word means to whoever looks for trouble. The colour says nothing that the word does not say as well. */
const toneOf: Readonly<Record<string, string>> = {
  PAID: 'good',
  SHIPPED: 'good',
  DELIVERED: 'good',
  CAPTURED: 'good',
  live: 'good',
  done: 'good',
  completed: 'good',
  intact: 'good',
  equal: 'good',
  different: 'warn',
  REJECTED: 'bad',
  failed: 'bad',
  terminated: 'bad',
  timed_out: 'bad',
  stopped: 'bad',
  needs_attention: 'bad',
  changed: 'bad',
  payment_declined: 'warn',
  cancelling: 'warn',
  PENDING: 'warn',
  rebuilding: 'warn',
  catching_up: 'warn',
  running: 'warn',
};

/** The state of something, as a word with a colour. */
export const Mark = ({ is }: Readonly<{ is: string }>) => <span class={`mark ${toneOf[is] ?? ''}`}>{inWords(is)}</span>;
