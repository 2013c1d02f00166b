/** What a bundle says of itself first: whoever checks one knows this form. */
export const bundleFormat = 'evermart-audit-bundle/1';

/** What was asked for: a stream, what one request led to, or what was stored from an instant on and before another. */
export type Selection =
  Readonly<{ stream: string }> | Readonly<{ correlationId: string }> | Readonly<{ from: string; to: string }>;

/** A file of the bundle. */
export type ListedMember = Readonly<{ name: string; bytes: number; sha256: string }>;

/** `manifest.json`: what is in a bundle. */
export type Manifest = Readonly<{
  format: typeof bundleFormat;
  selection: Selection;
  /** The id of whoever asked. */
  exportedBy: string;
  /** ISO 8601 instant, UTC. */
  exportedAt: string;
  /** How many there are, and the positions of the first and the last. */
  events: number;
  first: string | null;
  last: string | null;
  /** How many events the log had at the checkpoint against which they are proved. */
  logSize: number;
  /** Every file but the manifest and its signature. */
  members: readonly ListedMember[];
}>;

/** A line of `proofs-….ndjson`: where in the log an event is, and the hashes (base64) that lead to the checkpoint's root. */
export type ProofLine = Readonly<{ position: string; index: number; hashes: readonly string[] }>;

export const memberNames = {
  readme: 'README.txt',
  checkpoint: 'checkpoint.txt',
  publicKey: 'public-key.pem',
  manifest: 'manifest.json',
  signature: 'manifest.sig',
} as const;

/** The names of the files of a part, from 1: its events, and their proofs in the same order. */
export const eventsName = (part: number): string => `events-${String(part).padStart(4, '0')}.ndjson`;
export const proofsName = (part: number): string => `proofs-${String(part).padStart(4, '0')}.ndjson`;

/** A file holds so many events at most; one of many large events holds fewer. */
export const mostEventsOfMember = 10_000;
