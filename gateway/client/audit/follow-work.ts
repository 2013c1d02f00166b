import { progressBar } from '../../../infra/process/progress-bar.js';
import { pause } from '../pause.js';
import type { Work } from './answers.js';

/** Each look is an event in the record: they become rarer. */
const [firstPauseMs, longestPauseMs] = [200, 5_000];

/** Looks at work of the platform again and again until it has ended, and gives it as it is then. @throws what `look` throws. */
export const followWork = async <Some extends Work>(
  begun: Some,
  parts: Readonly<{ look: (id: string) => Promise<Some>; say: (line: string) => void; signal: AbortSignal }>,
): Promise<Some> => {
  const { look, say, signal } = parts;
  let work = begun;
  for (let pauseMs = firstPauseMs; work.state === 'running'; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    say(progressOf(work));
    await pause(pauseMs, signal);
    work = await look(work.id);
  }
  return work;
};

/** How far work has come, as a bar with figures. */
export const progressOf = ({ progress: { done, total } }: Pick<Work, 'progress'>): string =>
  total === 0
    ? progressBar(null)
    : `${progressBar(Math.min(1, done / total))} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
