import { condition, defineQuery, defineSignal, log, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from '../search-attributes.js';

/** Waits for a word, which it says in the log, and can be asked for its progress all the while. */
export const waiting = async (): Promise<string> => {
  let word = '';
  setHandler(defineSignal<[string]>('say'), (said) => {
    word = said;
  });
  setHandler(defineQuery('progress'), () => ({
    status: 'waiting_for_payment',
    step: 'authorise',
    attempts: 2,
    pendingCompensations: ['release'],
    history: [],
  }));
  upsertSearchAttributes([{ key: searchAttributes.sagaStep, value: 'authorise' }]);
  await condition(() => word !== '');
  log.info('a word was said', { step: word, email: 'ada@example.org' });
  return word;
};
