import { DomainError } from '../../domains/shared/errors.js';
import { buildFor, type BuildChange, type BuildNumbers } from '../shared/projection-status.js';
import type { Control } from '../shared/view.js';

/** The numbers of the builds of a view. */
export const numbersOf = ({ live, previous, aside, builds }: Control): BuildNumbers => ({
  live: live.number,
  previous: previous?.number ?? null,
  aside: aside?.number ?? null,
  begun: builds,
});

/**
 * A change that is made once, however often it comes: `build` is the one that whoever asks has seen, and means. Where the
 * change was made already nothing happens, whatever has become of the view since.
 *
 * @param build undefined for whichever there is now; `null` where whoever asks has seen none.
 * @throws DomainError `projection.not_ready` where there is another build now; what `transition` throws.
 */
export const changedOnce = (
  control: Control,
  { change, build }: Readonly<{ change: BuildChange; build: number | null | undefined }>,
  transition: (control: Control) => Control,
): Control => {
  if (build === undefined) return transition(control);
  if (build !== null && isMade[change](control, build)) return control;
  const after = transition(control);
  if (buildFor(change, numbersOf(control)) === build) return after;
  throw changedMeanwhile();
};

export const changedMeanwhile = (): DomainError =>
  new DomainError('projection.not_ready', 'The builds of the view have changed meanwhile: look at it and ask again');

const isMade: Readonly<Record<BuildChange, (control: Control, build: number) => boolean>> = {
  rebuild: ({ builds }, build) => build <= builds,
  switch: ({ live, aside }, build) => live.number === build || (aside?.number === build && aside.switches),
  rollback: ({ live, aside }, build) => live.number === build || aside?.number === build,
  drop: ({ live, previous, aside, builds }, build) =>
    build <= builds && ![live, previous, aside].some((kept) => kept?.number === build),
};
