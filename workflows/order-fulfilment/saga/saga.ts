import {
  condition,
  defineQuery,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { searchAttributes } from '../../../infra/temporal/search-attributes.js';
import {
  progressQuery,
  type Cause,
  type Origin,
  type SagaInput,
  type SagaProgress,
  type SagaStatus,
  type StepRecord,
  type Timing,
} from '../fulfilment.js';
import { failureOf, localActivities, patientActivities, type Call } from './calls.js';
import type { Compensation } from './compensations.js';
import { openNews, type News } from './news.js';
import { pausesBeforeAttentionMs } from './pauses.js';

/** A saga while it runs. */
export type Saga = {
  readonly origin: Origin;
  readonly timing: Timing;
  readonly news: News;
  /** Each is put here before its step, since that may have taken effect when it fails; the last one is run first. */
  readonly compensations: Compensation[];
  readonly history: StepRecord[];
  step: string;
  /** The tries of the step. */
  attempts: number;
  status: SagaStatus;
  /** Whether the step was given up, and is not done yet. */
  needsAttention: boolean;
  /** How often a step was given up. */
  timesGivenUp: number;
};

export const openSaga = ({ origin, timing }: SagaInput): Saga => {
  const saga: Saga = {
    ...{ origin, timing, news: openNews(), compensations: [], history: [] },
    ...{ step: 'begin', attempts: 0, status: 'running', needsAttention: false, timesGivenUp: 0 },
  };
  setHandler(defineQuery<SagaProgress>(progressQuery), () => progressOf(saga));
  return saga;
};

/** From now on this step is under way, and so it is seen. */
export const enter = (saga: Saga, step: string): void => {
  saga.step = step;
  saga.attempts = 0;
  setCurrentDetails(detailsOf(saga));
};

/** From now on the saga is in this status, and can be found by it. */
export const changeStatus = (saga: Saga, status: SagaStatus): void => {
  if (saga.status === status) return;
  saga.status = status;
  show(saga);
};

/** A step needs somebody's attention, or does so no longer. */
export const callAttention = (saga: Saga, needsAttention: boolean): void => {
  if (saga.needsAttention === needsAttention) return;
  saga.needsAttention = needsAttention;
  show(saga);
};

const show = (saga: Saga) => {
  const { status, step } = progressOf(saga);
  upsertSearchAttributes([
    { key: searchAttributes.sagaStatus, value: status },
    { key: searchAttributes.sagaStep, value: step },
  ]);
  setCurrentDetails(detailsOf(saga));
  log.info('the saga is in another status', { ...idsOf(saga), status, step });
};

/** The origin of a step that is due now. */
export const dueNow = ({ origin }: Saga): Cause => ({ ...origin, at: new Date().toISOString() });

/** By which logs and traces are joined. */
export const idsOf = ({ origin: { orderId, traceparent } }: Saga) => ({ orderId, traceId: traceparent.split('-')[1] });

/** Asks or notes something, for as long as that takes; where it takes longer than the tries of a step, that is shown. */
export const patiently = async <Result>(saga: Saga, summary: string, call: Call<Result>): Promise<Result> => {
  const cause = dueNow(saga);
  try {
    return await call(localActivities(saga.timing, summary), cause);
  } catch (error) {
    failureOf(error);
    return shownWhenLong(saga, call(patientActivities(saga.timing, summary), cause));
  }
};

const shownWhenLong = async <Result>(saga: Saga, answer: Promise<Result>): Promise<Result> => {
  if (saga.needsAttention) return answer;
  let isOver = false;
  const over = () => (isOver = true);
  answer.then(over, over);
  if (!(await condition(() => isOver, pausesBeforeAttentionMs(saga.timing)))) callAttention(saga, true);
  const result = await answer;
  callAttention(saga, false);
  return result;
};

/** Asks something so that the saga's way up to here is in its history before it goes on. */
export const durably = <Result>(saga: Saga, summary: string, call: Call<Result>): Promise<Result> =>
  call(patientActivities(saga.timing, summary), dueNow(saga));

const progressOf = ({ status, needsAttention, step, attempts, compensations, history }: Saga): SagaProgress => ({
  status: needsAttention ? 'needs_attention' : status,
  step,
  attempts,
  pendingCompensations: compensations.map((compensation) => compensation.step).reverse(),
  history,
});

/** Markdown, for Temporal's UI. */
const detailsOf = (saga: Saga): string => {
  const { status, step, pendingCompensations, history } = progressOf(saga);
  const last = history.at(-1);
  return [
    `**${status}**: ${step}`,
    ...(last ? [`Before: ${last.step}, ${last.outcome}${last.code === null ? '' : ` (${last.code})`}`] : []),
    ...(pendingCompensations.length > 0 ? [`Undone if it goes back: ${pendingCompensations.join(', ')}`] : []),
  ].join('\n\n');
};
