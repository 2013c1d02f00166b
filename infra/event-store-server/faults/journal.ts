/** An event as a reader of $all sees it. */
export type Seen = Readonly<{ position: number; stream: string; revision: bigint; id: string; type: string }>;

/** Where an answer said that the last event of a change lies. */
export type Place = Readonly<{ position: number; revision: bigint | undefined }>;

/** One change that was asked for: events that were to be appended, or the event by which the server ends a stream. */
export type Change = Readonly<{ stream: string; ids: readonly string[] } | { stream: string; type: string }>;

/** What was asked of a server, what it answered, and what readers got from it. */
export type Journal = Readonly<{
  /** Notes a change before it is asked for; gives what notes its answer. Until then nobody knows whether it is made. */
  ask: (change: Change) => (place: Place) => void;
  see: (event: Seen) => void;
  asked: () => readonly (readonly [Change, Place | undefined])[];
  seen: () => readonly Seen[];
}>;

export const openJournal = (): Journal => {
  const asked = new Map<Change, Place | undefined>();
  const seen: Seen[] = [];
  return {
    ask: (change) => {
      asked.set(change, undefined);
      return (place) => void asked.set(change, place);
    },
    see: (event) => void seen.push(event),
    asked: () => [...asked],
    seen: () => seen,
  };
};
