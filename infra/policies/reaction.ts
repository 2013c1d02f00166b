import type { StreamEvent } from '../event-store/stored-event.js';

/** What is done after an event, whatever it is: a command of a policy, or work of the platform's own. */
export type Reaction = Readonly<{
  /** Kept for ever: the place up to which events were seen is found by it. */
  name: string;
  category: string;
  type: string;
  /** `grace`: only after whoever caused the event had time to go on by themselves. */
  after: 'at_once' | 'grace';
  /**
   * Bears repeats. What it throws is tried again: for as long as a part of the platform is away, a few times otherwise.
   */
  react: (event: StreamEvent) => Promise<void>;
}>;
