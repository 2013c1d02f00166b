import { hash } from 'node:crypto';
import type { Checkpoint } from '../checkpoint.js';
import { eventsName, proofsName, type ProofLine, type Selection } from '../export/bundle-format.js';
import { provesInclusion } from '../merkle-proofs.js';
import { leafHash } from '../merkle-tree.js';
import type { ArchiveFile } from './archive-files.js';
import type { Seal } from './check-seal.js';
import { parsedJson } from './parsed-json.js';
import type { Report } from './report.js';

/** Holds every event of a bundle against its proof, the checkpoint and what was selected. */
export const checkEvents = async (
  files: AsyncIterable<ArchiveFile>,
  { manifest, checkpoint }: Seal,
  { good, bad }: Report,
): Promise<void> => {
  let [part, count] = [1, 0];
  let [first, before]: (Place | null)[] = [null, null];
  let events: readonly string[] | undefined;
  for await (const { name, content } of files) {
    if (name === eventsName(part)) events = linesOf(content);
    if (name !== proofsName(part) || !events) continue;
    const places = placesOf(events, linesOf(content), {
      checkpoint,
      selection: manifest.selection,
      before: before ?? null,
    });
    if (typeof places === 'string') {
      bad(eventsName(part), places);
      return;
    }
    good(eventsName(part), `${events.length} events are in the log that the checkpoint is of`);
    count += places.length;
    first ??= places[0] ?? null;
    before = places.at(-1) ?? before;
    [part, events] = [part + 1, undefined];
  }
  const found = [count, first?.position ?? null, before?.position ?? null].join(', ');
  const said = [manifest.events, manifest.first, manifest.last].join(', ');
  if (found === said) good('events', `${count}, as many as the manifest says`);
  else bad('events', 'there are others, or more or fewer, than the manifest says');
};

/** Where an event is, as its own text and its proof say. */
type Place = Readonly<{ position: string; index: number; revision: number }>;

type EventText = Readonly<{
  position: string;
  stream: string;
  revision: number;
  created: number;
  metadata?: Readonly<{ $correlationId?: unknown }> | null;
}>;

type Against = Readonly<{ checkpoint: Checkpoint; selection: Selection; before: Place | null }>;

/** Where the events of a part are; or a sentence about the first that is not what it should be. */
const placesOf = (
  events: readonly string[],
  proofs: readonly string[],
  against: Against,
): readonly Place[] | string => {
  const places: Place[] = [];
  let { before } = against;
  for (const [number, text] of events.entries()) {
    const place = placeOf(text, proofs[number], { ...against, before });
    if (typeof place === 'string') return `line ${number + 1}: ${place}`;
    places.push(place);
    before = place;
  }
  return proofs.length > events.length ? 'there are proofs of events that are not there' : places;
};

const placeOf = (
  text: string,
  proofText: string | undefined,
  { checkpoint, selection, before }: Against,
): Place | string => {
  const event = parsedJson(text) as EventText | null;
  if (typeof event?.position !== 'string') return 'it is no event';
  const { position, stream, revision } = event;
  const called = `the event at position ${position} (${stream}, revision ${revision})`;
  const proof = parsedJson(proofText ?? '') as ProofLine | null;
  if (!proof) return `${called} has no proof`;
  if (proof.position !== position) return `${called} has the proof of another`;
  if (!isProven(text, proof, checkpoint)) return `${called}, or its proof, is not what the log has`;
  if (before && proof.index <= before.index) return `${called} is not after the one before it`;
  if (!isSelected(event, selection)) return `${called} is none that was asked for`;
  const isNext = !('stream' in selection) || revision === (before ? before.revision + 1 : 0);
  return isNext ? { position, index: proof.index, revision } : `${called} does not follow on the one before it`;
};

/** Whether an event, as the text that its leaf is computed from, is in the log that a checkpoint is of. */
export const isProven = (
  text: string,
  { index, hashes }: Pick<ProofLine, 'index' | 'hashes'>,
  { size, root }: Pick<Checkpoint, 'size' | 'root'>,
): boolean =>
  Number.isSafeInteger(index) &&
  Array.isArray(hashes) &&
  provesInclusion(
    { index, size, hashes: hashes.map((each) => Buffer.from(String(each), 'base64')) },
    leafHash(hash('sha256', text, 'buffer')),
    root,
  );

const isSelected = ({ stream, created, metadata }: EventText, selection: Selection): boolean => {
  if ('stream' in selection) return stream === selection.stream;
  if ('correlationId' in selection) return metadata?.$correlationId === selection.correlationId;
  return created >= Date.parse(selection.from) && created < Date.parse(selection.to);
};

const linesOf = (content: Buffer): readonly string[] => {
  const lines = content.toString().split('\n');
  // Behind the last line break is nothing, or a line that is not whole.
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};
