import { progressBar } from '../../../infra/process/progress-bar.js';
import { pauseMsAfter } from '../background-work.js';
import { pause } from '../pause.js';
import type { Work } from './answers.js';

type Following<Some> = Readonly<{
  look: (id: string) => Promise<Some>;
  say: (line: string) => void;
  /** The part of the platform that does it. */
  worker: string;
  signal: AbortSignal;
}>;

/** Looks at work of the platform again and again until it has ended, and gives it as it is then. @throws what `look` throws. */
export const followWork = async <Some extends Work>(
  begun: Some,
  { look, say, worker, signal }: Following<Some>,
): Promise<Some> => {
  let work = begun;
  for (let looks = 0; work.state === 'running'; looks += 1) {
    const isLate = looks >= looksUntilLate && work.progress.total === 0;
    say(isLate ? `${worker} has not begun; is it running?` : progressOf(work));
    await pause(pauseMsAfter(looks), signal);
    work = await look(work.id);
  }
  return work;
};

/** Some seconds: who does the work, and nothing else, begins within one. */
const looksUntilLate = 5;

/** How far work has come, as a bar with figures. */
export const progressOf = ({ progress: { done, total } }: Pick<Work, 'progress'>): string =>
  total === 0
    ? progressBar(null)
    : `${progressBar(Math.min(1, done / total))} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
