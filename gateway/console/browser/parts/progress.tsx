import { shownProgress } from './shown-progress.js';

type ProgressProps = Readonly<{ label: string; done: number; total: number }>;

/** How much of something that is under way is done. */
export const Progress = ({ label, ...progress }: ProgressProps) => {
  const { bar, words } = shownProgress(progress);
  return (
    <span class="progress">
      <progress aria-label={label} {...bar} />
      <span>{words}</span>
    </span>
  );
};
