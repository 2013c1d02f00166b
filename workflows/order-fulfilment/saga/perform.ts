import { log } from '@temporalio/workflow';
import type { Cause, StepRecord } from '../fulfilment.js';
import { activities, failureOf, localActivities, type Call } from './calls.js';
import { heed } from './heed.js';
import { pauseMs } from './pauses.js';
import { callAttention, dueNow, enter, idsOf, patiently, type Saga } from './saga.js';
import { waitsForPeople, type Manner, type Step } from './steps.js';
import { Refused, TurnedBack } from './turned-back.js';

/**
 * Does a step, trying it again where it failed for the moment.
 *
 * @throws TurnedBack where it was refused, or the saga is to go back instead; never of a compensation.
 */
export const perform = async <Result>(saga: Saga, step: Step, call: Call<Result>): Promise<Result> => {
  const { name, manner } = step;
  const cause = dueNow(saga);
  const conclude = (outcome: StepRecord['outcome'], code: string | null) => {
    saga.history.push({ step: name, attempts: saga.attempts, outcome, code, at: cause.at });
    callAttention(saga, false);
  };
  enter(saga, name);
  // A row of failures begins anew when staff ask for another try.
  for (let row = 1; ; row += 1) {
    saga.attempts += 1;
    const tried = await tryOnce(saga, name, call, cause);
    if ('result' in tried) {
      if (saga.needsAttention) await noteRecovery(saga);
      conclude('done', null);
      return tried.result;
    }
    const { isRefusal, code } = tried;
    if (isRefusal && manner !== 'compensation') {
      conclude('refused', code);
      throw new Refused(code);
    }
    log.warn('a try of a step failed', { ...idsOf(saga), step: name, attempt: saga.attempts, code });
    try {
      const told = await (isToBeGivenUp(saga, manner, row) ? giveUp : pause)(saga, step, { row, code });
      if (told.includes('SagaRetryRequested')) row = 0;
    } catch (turned) {
      conclude('given_up', code);
      throw turned;
    }
  }
};

const tryOnce = async <Result>(saga: Saga, name: string, call: Call<Result>, cause: Cause) => {
  const { timing, attempts } = saga;
  try {
    return { result: await call(attempts === 1 ? localActivities(timing, name) : activities(timing, name), cause) };
  } catch (error) {
    return failureOf(error);
  }
};

/** Before the pivot again after each row of failures; then once in a row, and the step goes on being tried. */
const isToBeGivenUp = ({ timing: { triesBeforeAttention } }: Saga, manner: Manner, row: number) =>
  waitsForPeople(manner) ? row % triesBeforeAttention === 0 : row === triesBeforeAttention;

type Failed = Readonly<{ row: number; code: string }>;

/** Calls for somebody, and waits for what they want; gives what was told. */
const giveUp = async (saga: Saga, step: Step, failed: Failed): Promise<readonly string[]> => {
  await reportStepFailure(saga, step.name, failed.code);
  if (!waitsForPeople(step.manner)) return pause(saga, step, failed);
  if (!(await saga.news.wait(saga.timing.attentionMs))) throw new TurnedBack(failed.code);
  return heed(saga);
};

/** What is told meanwhile ends the pause: it may be that staff want the step tried now, or that the provider knows more. */
const pause = async (saga: Saga, { manner }: Step, { row }: Failed): Promise<readonly string[]> => {
  await saga.news.wait(pauseMs(saga.timing, manner, row));
  return manner === 'compensation' ? saga.news.take() : heed(saga);
};

/** Shows that a step needs attention, in Temporal and in the order's stream. */
export const reportStepFailure = async (saga: Saga, step: string, code: string): Promise<void> => {
  saga.timesGivenUp += 1;
  const { attempts: attempt, timesGivenUp: count } = saga;
  callAttention(saga, true);
  log.warn('a step needs attention', { ...idsOf(saga), step, attempt, code });
  await patiently(saga, 'note the failure', (can, cause) =>
    can.recordStepFailure({ cause, step, attempt, code, count }),
  );
};

/** The order shows that the step needs nobody any more, also where nobody had asked for another try. */
const noteRecovery = (saga: Saga): Promise<void> => {
  const { timesGivenUp: count } = saga;
  return patiently(saga, 'note that it goes on', (can, cause) => can.recordRecovery({ cause, count }));
};
