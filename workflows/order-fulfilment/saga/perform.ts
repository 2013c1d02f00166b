import { log } from '@temporalio/workflow';
import type { StepRecord } from '../fulfilment.js';
import { activities, failureOf, localActivities, type Call } from './calls.js';
import { heed } from './heed.js';
import { callAttention, dueNow, enter, idsOf, patiently, type Saga } from './saga.js';
import type { Manner } from './steps.js';
import { Refused, TurnedBack } from './turned-back.js';

/** A step as it is shown, and how it may end. */
export type Step = Readonly<{ name: string; manner: Manner }>;

/**
 * Does a step, trying it again where it failed for the moment.
 *
 * @throws TurnedBack where it was refused, or the saga is to go back instead; never of a compensation.
 */
export const perform = async <Result>(saga: Saga, step: Step, call: Call<Result>): Promise<Result> => {
  const { name, manner } = step;
  const cause = dueNow(saga);
  enter(saga, name);
  for (let tries = 1; ; tries += 1) {
    saga.attempts = tries;
    try {
      const proxy = tries === 1 ? localActivities(saga.timing, name) : activities(saga.timing, name);
      const result = await call(proxy, cause);
      conclude(saga, { step: name, attempts: tries, outcome: 'done', code: null, at: cause.at });
      return result;
    } catch (error) {
      const { isRefusal, code } = failureOf(error);
      if (isRefusal) {
        conclude(saga, { step: name, attempts: tries, outcome: 'refused', code, at: cause.at });
        throw new Refused(code);
      }
      log.warn('a try of a step failed', { ...idsOf(saga), step: name, attempt: tries, code });
      try {
        await (isToBeGivenUp(saga, manner, tries) ? giveUp(saga, step, code) : pauseBeforeTry(saga, step));
      } catch (turned) {
        conclude(saga, { step: name, attempts: tries, outcome: 'given_up', code, at: cause.at });
        throw turned;
      }
    }
  }
};

const conclude = (saga: Saga, record: StepRecord) => {
  saga.history.push(record);
  callAttention(saga, false);
};

/** Before the pivot again after each row of failures, since staff may have had it tried again; then once. */
const isToBeGivenUp = ({ timing: { triesBeforeAttention } }: Saga, manner: Manner, tries: number) =>
  waitsForPeople(manner) ? tries % triesBeforeAttention === 0 : tries === triesBeforeAttention;

const waitsForPeople = (manner: Manner) => manner === 'compensatable' || manner === 'pivot';

/** Calls for somebody, and waits for what they want. */
const giveUp = async (saga: Saga, { name, manner }: Step, code: string): Promise<void> => {
  await reportStepFailure(saga, name, code);
  if (!waitsForPeople(manner)) return pauseBeforeTry(saga, { name, manner });
  if (!(await saga.news.wait(saga.timing.attentionMs))) throw new TurnedBack(code);
  await heed(saga);
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

/** What is told meanwhile ends the pause: it may be that staff want the step tried now, or that the provider knows more. */
const pauseBeforeTry = async (saga: Saga, { manner }: Step): Promise<void> => {
  await saga.news.wait(pauseMs(saga));
  if (manner === 'compensation') saga.news.take();
  else await heed(saga);
};

const pauseMs = ({ attempts, needsAttention, timing }: Saga): number => {
  const { firstPauseMs, longestPauseMs, attentionPauseMs, triesBeforeAttention } = timing;
  if (needsAttention && attempts >= triesBeforeAttention) return attentionPauseMs;
  return Math.min(firstPauseMs * 2 ** ((attempts - 1) % triesBeforeAttention), longestPauseMs);
};
