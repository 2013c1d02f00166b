import type { Decider } from '../decider.js';
import { isDomainError } from '../errors.js';

/** What came of commands that were decided one after the other. */
export type Played<State, Event> = Readonly<{ events: readonly Event[]; state: State }>;

/** Has a decider take commands in turn, as a stream would: those that a rule refuses change nothing. */
export const play = <State, Command, Event>(
  { initial, decide, evolve }: Decider<State, Command, Event>,
  commands: readonly Command[],
  from: Played<State, Event> = { events: [], state: initial },
): Played<State, Event> =>
  commands.reduce(({ events, state }, command) => {
    const decided = accepted(() => decide(command, state));
    return { events: [...events, ...decided], state: decided.reduce(evolve, state) };
  }, from);

/** The events of a decision; none where a rule refused it. @throws whatever else the decision throws. */
const accepted = <Event>(decision: () => readonly Event[]): readonly Event[] => {
  try {
    return decision();
  } catch (error) {
    if (isDomainError(error)) return [];
    throw error;
  }
};
