import type { Decider } from '../decider.js';

/** No method is called `then`: that would make the spec a thenable. */
export const givenFor =
  <State, Command, Event>({ initial, decide, evolve }: Decider<State, Command, Event>) =>
  (...history: Event[]) => ({
    when: (command: Command) => {
      const outcome = () => decide(command, history.reduce(evolve, initial));
      return {
        thenEmits: (...events: Event[]) => expect(outcome()).toEqual(events),
        thenRejects: (code: string) => expect(outcome).toThrow(expect.objectContaining({ code }) as Error),
      };
    },
  });
