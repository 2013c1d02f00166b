import { conclude, outcomes } from '../../../infra/audit-log/offline/conclusion.js';
import { verificationFailures } from '../background-work.js';
import type { Verification } from './answers.js';
import { asJson, type Common, type Desk } from './desk.js';
import { followWork } from './follow-work.js';

/** `verify`: has the whole record held against the audit log, and leaves with one of `outcomes`. */
export const verify =
  (desk: Desk) =>
  async ({ url, json }: Common): Promise<void> => {
    const { open, note, openProgress, signal } = desk;
    // Nobody who asks whether the record is intact may take a failure to ask for an answer.
    desk.leave(outcomes.notKnown);
    const audit = await open(url);
    const begun = await audit.post<Verification>('/verifications', {});
    const progress = openProgress();
    const look = (id: string) => audit.get<Verification>(`/verifications/${encodeURIComponent(id)}`);
    const done = await followWork(begun, { look, say: progress.say, worker: 'The auditor', signal }).finally(() => {
      progress.end();
      if (signal.aborted) note('It goes on without you: GET /api/v1/audit/verify shows what comes of it.');
    });
    await conclude(desk, json ? asJson(done) : verificationText(done), outcomeOf(done));
  };

const outcomeOf = ({ state, intact }: Verification): number => {
  if (state === 'failed') return outcomes.notKnown;
  return intact === true ? outcomes.good : outcomes.bad;
};

const verificationText = (verification: Verification): string => {
  const { id, state, intact, through, checkpoint, firstDifference, failure } = verification;
  if (state === 'failed') {
    const why = failure === undefined ? '' : `\n${verificationFailures[failure]}`;
    return `The verification ${id} could not be completed; nothing is known.${why}`;
  }
  const upTo = through === undefined ? 'nothing was stored yet' : `everything up to position ${through}`;
  if (intact === true)
    return [`Intact: ${upTo}.`, ...(checkpoint === undefined ? [] : [checkpoint])].join('\n').trimEnd();
  if (!firstDifference) return `Different: ${upTo}, and nobody knows where it begins.`;
  const { position, stream, revision, kind } = firstDifference;
  const event = stream === null ? '' : `, stream ${stream}${revision === null ? '' : `, revision ${revision}`}`;
  return `Different from position ${position} on${event}: ${kind}`;
};
