import { DomainError } from '../../domains/shared/errors.js';
import type { Build, BuildAside, Comparison, Control } from '../shared/view.js';

/** A view that is built for the first time serves from its beginning. */
const first = (version: number): Control => ({ live: { version, number: 1 }, previous: null, aside: null, builds: 1 });

/**
 * What there is to be of a view when code that makes `version` of it starts: a version that was never built is built
 * aside, and serves as soon as it has caught up.
 */
export const started = (control: Control | null, version: number, at: string): Control => {
  if (control === null) return first(version);
  const { live, previous, aside } = control;
  const isKnown = [live, previous, aside].some((build) => build !== null && build.version >= version);
  return isKnown ? control : begun(control, { version, switches: true, at });
};

/** After a person asked for a view to be built anew; once more while that goes on, nothing changes. */
export const rebuilt = (control: Control, version: number, at: string): Control =>
  control.aside ? control : begun(control, { version, switches: false, at });

const begun = (
  control: Control,
  { version, switches, at }: Readonly<{ version: number; switches: boolean; at: string }>,
): Control => {
  const builds = control.builds + 1;
  return { ...control, aside: { version, number: builds, since: at, switches, comparison: null }, builds };
};

/** After a person asked for the build aside to serve: it does as soon as it has caught up. @throws DomainError */
export const switchAsked = (control: Control): Control => ({
  ...control,
  aside: { ...asideOf(control), switches: true },
});

/**
 * After a person asked for the build that served before: it is brought up to date aside, and then serves.
 *
 * @throws DomainError `projection.not_ready` where there is none, or another build is made.
 */
export const rollbackAsked = (control: Control, at: string): Control => {
  const { previous, aside } = control;
  if (aside) throw notReady('Another build is made now: wait for it, switch to it, or drop it');
  if (!previous) throw notReady('There is no build that served before');
  return { ...control, previous: null, aside: { ...previous, since: at, switches: true, comparison: null } };
};

/** Whether the build aside is yet to be compared with the one that serves, once it has caught up. */
export const isToCompare = ({ live, aside }: Control): boolean =>
  aside !== null && aside.comparison === null && aside.version === live.version;

/** After the build aside was compared with the one that serves. */
export const compared = (control: Control, comparison: Comparison): Control => ({
  ...control,
  aside: control.aside && { ...control.aside, comparison },
});

/** After the build aside began to serve. The one that served before the last one is not kept. */
export const switched = (control: Control): Control => {
  const { version, number } = asideOf(control);
  return { ...control, live: { version, number }, previous: control.live, aside: null };
};

/** After a person asked for the build that does not serve to be dropped: the one in the making, or else the one before. */
export const dropped = (control: Control): Control => {
  if (control.aside) return { ...control, aside: null };
  if (!control.previous) throw notReady('There is no build but the one that serves');
  return { ...control, previous: null };
};

/** All builds that there are of a view. */
export const buildsOf = ({ live, previous, aside }: Control): readonly Build[] =>
  [live, previous, aside].flatMap((build) => build ?? []);

const asideOf = ({ aside }: Control): BuildAside => {
  if (!aside) throw notReady('No build is made now: rebuild the view first');
  return aside;
};

const notReady = (sentence: string) => new DomainError('projection.not_ready', sentence);
