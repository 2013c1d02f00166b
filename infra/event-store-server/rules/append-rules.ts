/** The revision of a tombstone, which is always the last event of its stream. On the wire it is the largest int64. */
export const tombstoneRevision = Number.MAX_SAFE_INTEGER;

/** What a caller believes of a stream before an append: a number is its last revision. */
export type ExpectedRevision = 'any' | 'no_stream' | 'stream_exists' | number;

/** A stream as the rules see it. `last` is −1 when nothing was ever written. */
export type StreamState = Readonly<{ last: number; isSoftDeleted: boolean; hasMetadata: boolean }>;

/** The ids of a stream's events: where an id was last written, and which id stands at a revision. */
export type KnownIds = Readonly<{
  revisionOf: (id: string) => number | undefined;
  idAt: (revision: number) => string | undefined;
}>;

/** `repeat`: the events are already there, the last of them at `last`. */
export type Verdict = Readonly<
  { type: 'write' } | { type: 'repeat'; last: number } | { type: 'wrong-version' } | { type: 'deleted' }
>;

/** Decides, as EventStoreDB does, whether events with these ids may be appended. Pure. */
export const judge = (
  expected: ExpectedRevision,
  state: StreamState,
  ids: readonly string[],
  known: KnownIds,
): Verdict => {
  if (state.last === tombstoneRevision) return { type: 'deleted' };
  if (expected === 'stream_exists') {
    if (state.isSoftDeleted) return { type: 'deleted' };
    if (state.last < 0 && !state.hasMetadata) return { type: 'wrong-version' };
  }
  if (expected === 'any' || expected === 'stream_exists') return judgeByIds(ids, known);
  const revision = expected === 'no_stream' ? -1 : expected;
  if (revision === state.last) return { type: 'write' };
  if (revision > state.last) return { type: 'wrong-version' };
  return judgeRepeat(revision, state, ids, known);
};

const judgeByIds = (ids: readonly string[], known: KnownIds): Verdict => {
  let last: number | undefined;
  for (const [index, id] of ids.entries()) {
    last = known.revisionOf(id);
    if (last === undefined) return { type: index === 0 ? 'write' : 'wrong-version' };
  }
  return last === undefined ? { type: 'write' } : { type: 'repeat', last };
};

/** The caller is behind: right only if the events that follow its revision are the very ones it brings. */
const judgeRepeat = (revision: number, state: StreamState, ids: readonly string[], known: KnownIds): Verdict => {
  const stranger = ids.findIndex((id, index) => known.idAt(revision + 1 + index) !== id);
  if (stranger === -1 && ids.length > 0) return { type: 'repeat', last: revision + ids.length };
  if (stranger === 0 && revision === -1 && state.isSoftDeleted) return { type: 'write' };
  return { type: 'wrong-version' };
};
