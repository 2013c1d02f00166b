import { isDomainError } from '../../domains/shared/errors.js';
import { buildFor, type BuildChange } from '../shared/projection-status.js';
import type { Control } from '../shared/view.js';
import { changedOnce, numbersOf } from './changed-once.js';
import { dropped, rebuilt, rollbackAsked, switchAsked, switched } from './control.js';

const at = '2030-01-01T00:00:00.000Z';
const first: Control = { live: { version: 1, number: 1 }, previous: null, aside: null, builds: 1 };
const rebuilding = rebuilt(first, 1, at);
const served = switched(rebuilding);
const rebuildingAgain = rebuilt(served, 1, at);

const transitions: Readonly<Record<BuildChange, (control: Control) => Control>> = {
  rebuild: (control) => rebuilt(control, 1, at),
  switch: switchAsked,
  rollback: (control) => rollbackAsked(control, at),
  drop: dropped,
};
const changes = (change: BuildChange, seen: Control) => (now: Control) =>
  changedOnce(now, { change, build: buildFor(change, numbersOf(seen)) }, transitions[change]);
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return isDomainError(error) ? error.code : String(error);
  }
  return 'none';
};

describe('a change of the builds', () => {
  it.each<[BuildChange, Control]>([
    ['rebuild', first],
    ['switch', rebuilding],
    ['rollback', served],
    ['drop', rebuildingAgain],
    ['drop', served],
  ])('%s is made as if nobody had looked before', (change, control) => {
    expect(changes(change, control)(control)).toEqual(transitions[change](control));
  });

  it.each<[BuildChange, string, Control, (after: Control) => Control]>([
    ['rebuild', 'at once', first, (after) => after],
    ['rebuild', 'after it served', first, switched],
    ['rebuild', 'after it was dropped', first, dropped],
    ['switch', 'at once', rebuilding, (after) => after],
    ['switch', 'after it served', rebuilding, switched],
    ['switch', 'after the next was begun', rebuilding, (after) => rebuilt(switched(after), 1, at)],
    ['rollback', 'at once', served, (after) => after],
    ['rollback', 'after it served, rather than back again', served, switched],
    ['drop', 'at once, rather than the one before', rebuildingAgain, (after) => after],
    ['drop', 'after another was begun', rebuildingAgain, (after) => rebuilt(after, 1, at)],
    ['drop', 'at once', served, (after) => after],
  ])('%s does nothing once more %s', (change, _, seen, since) => {
    const later = since(changes(change, seen)(seen));
    expect(changes(change, seen)(later)).toBe(later);
  });

  it.each<[BuildChange, string, Control, Control]>([
    ['switch', 'where another build is made', rebuilding, rebuilt(dropped(rebuilding), 1, at)],
    ['switch', 'where none had been made', first, rebuilding],
    ['rollback', 'where another one served before', served, switched(rebuilt(served, 1, at))],
    ['rollback', 'where none had served before', first, served],
    ['drop', 'where it serves now', rebuilding, served],
    ['drop', 'where there had been none', first, rebuilding],
    ['switch', 'where there is none', first, first],
    ['rollback', 'while another is made', rebuildingAgain, rebuildingAgain],
  ])('%s is refused %s', (change, _, seen, now) => {
    expect(refusal(() => changes(change, seen)(now))).toBe('projection.not_ready');
  });

  it('is made of whichever build there is where none is named', () => {
    expect(changedOnce(rebuilding, { change: 'switch', build: undefined }, switchAsked)).toEqual(
      switchAsked(rebuilding),
    );
  });
});
