/** An event as it lies in the log. */
export type StoredEvent = Readonly<{
  position: string | null;
  stream: string;
  revision: number;
  id: string;
  type: string;
  data: unknown;
  metadata: Readonly<{ actor?: string }>;
  created: string;
}>;

export type StreamPage = Readonly<{
  items: readonly StoredEvent[];
  nextCursor: string | null;
  previousCursor: string | null;
}>;

/** A point in the life of a stream. */
export type Point = Readonly<{ revision: number; at: string }>;

export type StateThen = Point & Readonly<{ stream: string; state: unknown }>;

/** A field that is not the same at two points; `path` is an RFC 6901 pointer, and what was not there is left out. */
export type Change = Readonly<{ path: string; before?: unknown; after?: unknown }>;

export type Difference = Readonly<{ stream: string; from: Point; to: Point; changes: readonly Change[] }>;

/** Work that the platform does in the background. */
export type Work = Readonly<{
  id: string;
  state: 'running' | 'done' | 'failed';
  progress: Readonly<{ done: number; total: number }>;
}>;

export type Replay = Work &
  Readonly<{
    view: string;
    at: string;
    position: string | null;
    rows: number | null;
    checksum: string | null;
    difference: Readonly<{ added: number; missing: number; changed: number; keys: readonly string[] }> | null;
  }>;

export type ReplayRow = Readonly<{ key: string; row: unknown; position: string | null }>;

export type Page<Item> = Readonly<{ items: readonly Item[]; nextCursor: string | null }>;

export type Verification = Work &
  Readonly<{
    intact?: boolean | null;
    /** Position of the last event that was looked at; `null` where there is none. */
    through?: string | null;
    checkpoint?: string | null;
    firstDifference?: Readonly<{
      position: string;
      stream: string | null;
      revision: number | null;
      kind: string;
    }> | null;
  }>;
