/** What a person wants to be done with the parked events of a key. */
export type ParkedRequest = 'retry' | 'discard';

/** An event that a view left behind, by where it is found: nothing of what it says. */
export type ParkedEvent = Readonly<{
  position: bigint;
  partition: number;
  key: string;
  stream: string;
  revision: number;
  eventId: string;
  type: string;
  /** What kind of error it was, and where. */
  error: string;
  parkedAt: string;
  request: ParkedRequest | null;
}>;
