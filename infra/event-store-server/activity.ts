/** A histogram of plain numbers: `counts[i]` values were at most `bounds[i]`, the last count holds what was above. */
export type Tally = { readonly bounds: readonly number[]; readonly counts: number[]; sum: number; count: number };

/**
 * What the server has done since it started. Plain numbers that the code which does it raises: counting costs next to
 * nothing, and only who asks for the figures pays for their form.
 */
export type Activity = {
  /** Open now, and accepted so far. */
  connections: number;
  acceptedConnections: number;
  /** Closed since they did not say in time what they wanted. */
  silentConnections: number;
  /** Calls and requests without the name and the password of a user. */
  refusedCalls: number;
  /** Appends that were answered with success, and the events that they added. */
  appends: number;
  appendedEvents: number;
  /** Appends that were answered with an error: a wrong version, a deleted stream, too large, too late. */
  refusedAppends: number;
  /** Plain reads that were begun, and the messages that went out, to reads and subscriptions. */
  reads: number;
  answers: number;
  /** Catch-up subscriptions that are open now. */
  liveSubscriptions: number;
  /** Changes that shared a commit; its count is the number of commits. */
  readonly groupSize: Tally;
  /** How long a commit took, in seconds. */
  readonly commitSeconds: Tally;
};

export const createActivity = (): Activity => ({
  connections: 0,
  acceptedConnections: 0,
  silentConnections: 0,
  refusedCalls: 0,
  appends: 0,
  appendedEvents: 0,
  refusedAppends: 0,
  reads: 0,
  answers: 0,
  liveSubscriptions: 0,
  groupSize: createTally([1, 2, 4, 8, 16, 32, 64, 128, 256, 512]),
  commitSeconds: createTally([0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]),
});

/** Counts an append that was answered. */
export const countAppend = (activity: Activity, isWritten: boolean, events: number): void => {
  if (isWritten) {
    activity.appends += 1;
    activity.appendedEvents += events;
  } else activity.refusedAppends += 1;
};

/** `bounds` must rise. */
export const createTally = (bounds: readonly number[]): Tally => ({
  bounds,
  counts: Array.from({ length: bounds.length + 1 }, () => 0),
  sum: 0,
  count: 0,
});

export const tally = (histogram: Tally, value: number): void => {
  const { bounds, counts } = histogram;
  let index = 0;
  while (index < bounds.length && value > (bounds[index] as number)) index += 1;
  counts[index] = (counts[index] as number) + 1;
  histogram.sum += value;
  histogram.count += 1;
};
