import type { Verification } from './answers.js';
import { asJson, type Common, type Desk } from './desk.js';
import { followWork } from './follow-work.js';

/** What came of a verification; also the exit codes of `verify`. */
export const outcomes = { intact: 0, different: 1, notKnown: 2 } as const;

/** `verify`: has the whole record held against the audit log, and says what came of it. @returns one of `outcomes`. */
export const verify =
  ({ open, print, note, openProgress, signal }: Desk) =>
  async ({ url, json }: Common): Promise<number> => {
    const audit = await open(url);
    const begun = await audit.post<Verification>('/verifications', {});
    const progress = openProgress();
    const look = (id: string) => audit.get<Verification>(`/verifications/${encodeURIComponent(id)}`);
    const done = await followWork(begun, { look, say: progress.say, signal }).finally(() => {
      progress.end();
      if (signal.aborted) note('It goes on without you: GET /api/v1/audit/verify shows what comes of it.');
    });
    await print(json ? asJson(done) : verificationText(done));
    if (done.state === 'failed') return outcomes.notKnown;
    return done.intact === true ? outcomes.intact : outcomes.different;
  };

const verificationText = ({ id, state, intact, through, checkpoint, firstDifference }: Verification): string => {
  if (state === 'failed') return `The verification ${id} could not be completed; nothing is known.`;
  const upTo = through == null ? 'nothing was stored yet' : `everything up to position ${through}`;
  if (intact === true) return [`Intact: ${upTo}.`, ...(checkpoint == null ? [] : [checkpoint])].join('\n').trimEnd();
  if (!firstDifference) return `Different: ${upTo}, and nobody knows where it begins.`;
  const { position, stream, revision, kind } = firstDifference;
  const event = stream === null ? '' : `, stream ${stream}${revision === null ? '' : `, revision ${revision}`}`;
  return `Different from position ${position} on${event}: ${kind}`;
};
