/** In the order in which entries of one millisecond and one position are shown. */
export const timelineKinds = ['command', 'event', 'payment', 'projection', 'saga', 'span'] as const;

/** Something that happened with an order. */
export type TimelineEntry = Readonly<{
  /** Milliseconds since 1970, as fine as its source tells them. */
  at: number;
  kind: (typeof timelineKinds)[number];
  name: string;
  /** A user id, or a name in brackets. */
  actor?: string;
  traceId?: string;
  /** In the log: of the event that it is, led to or applied. */
  position?: bigint | null;
  /** `durationMs` is in it where it took time. Nothing personal. */
  detail: Readonly<Record<string, unknown>>;
}>;

/**
 * All entries by the millisecond at which they are shown. In the same one the log knows better what came first than the
 * clocks of several processes.
 */
export const inOrder = (entries: readonly TimelineEntry[]): readonly TimelineEntry[] => entries.toSorted(compared);

const compared = (one: TimelineEntry, other: TimelineEntry): number =>
  Math.floor(one.at) - Math.floor(other.at) ||
  comparedPositions(one.position ?? null, other.position ?? null) ||
  timelineKinds.indexOf(one.kind) - timelineKinds.indexOf(other.kind) ||
  one.at - other.at;

/** What has none comes last. */
const comparedPositions = (one: bigint | null, other: bigint | null): number => {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return one < other ? -1 : Number(one > other);
};

/** As it is answered. */
export const shownEntry = ({ at, kind, name, actor, traceId, detail }: TimelineEntry) => ({
  ...{ at: new Date(at).toISOString(), kind, name },
  ...(actor === undefined ? {} : { actor }),
  ...(traceId === undefined ? {} : { traceId }),
  detail,
});
