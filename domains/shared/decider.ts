/** A command or an event: a name and its data. */
export type Message<Type extends string = string, Data = unknown> = Readonly<{ type: Type; data: Readonly<Data> }>;

/**
 * A stream's write side (the "decider" of Jérémie Chassaing). Pure: no I/O, no clock, no randomness.
 *
 * `decide` gives the events that a command causes in a state; none when the command repeats what is so.
 * It throws `DomainError` when the command contradicts what is so. `evolve` is total: it never throws.
 */
export type Decider<State, Command, Event> = Readonly<{
  initial: State;
  decide: (command: Command, state: State) => readonly Event[];
  evolve: (state: State, event: Event) => State;
}>;
