/** How a replay differs from the view that served when it was done, by the content of rows, not by their positions. */
export type Difference = Readonly<{
  /** Rows that only the replay has. */
  added: number;
  /** Rows that only the view has. */
  missing: number;
  /** Rows that both have, with other content. */
  changed: number;
  /** The keys of some of them: at most 20. */
  keys: readonly string[];
}>;

/** A view as it was at a position, built again aside. */
export type Replay = Readonly<{
  id: string;
  view: string;
  /** As it was asked for: a position, or an ISO 8601 instant. */
  at: string;
  /** The last position that counts; `null` until that is found, and where nothing was stored by then. */
  position: string | null;
  state: 'running' | 'done' | 'failed';
  /** In positions. */
  progress: Readonly<{ done: number; total: number }>;
  /** `null` until it is done, as are those that follow. */
  rows: number | null;
  checksum: string | null;
  /** How many keys lack events that could not be applied. */
  parkedKeys: number | null;
  /** `null` as well where no build of the same version served. */
  difference: Difference | null;
}>;

/** What is asked for. `id` is made by whoever asks: once more, it asks for the same. */
export type ReplayRequest = Readonly<Pick<Replay, 'id' | 'view' | 'at'>>;

/** A row as it lies in a replay: personal fields are sealed. `position` is that of the event that changed it last. */
export type ReplayedRow = Readonly<{ key: string; row: object; position: string }>;

/** So many replays are kept at most. */
export const mostReplays = 10;

/** A position, or an instant in ISO 8601 with its offset. */
export const replayPoint =
  /^([0-9]{1,19}|[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))$/;

/** Rather than a position. */
export const isInstant = (at: string): boolean => at.includes('T');
