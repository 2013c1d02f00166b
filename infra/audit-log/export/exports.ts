import { sign } from 'node:crypto';
import type { Readable } from 'node:stream';
import { DomainError } from '../../../domains/shared/errors.js';
import type { EventStore } from '../../event-store/event-store.js';
import { reachingPostgres, type Postgres } from '../../postgres/postgres.js';
import type { AuditIndex } from '../audit-index.js';
import { openCheckpoint } from '../checkpoint.js';
import type { SigningKey } from '../signing-key.js';
import { archiveOf } from './archive.js';
import type { Selection } from './bundle-format.js';
import { bundleMembers, type ProvenEvent } from './bundle-members.js';
import { provenParts } from './proven-parts.js';
import { selectedEvents } from './selected-events.js';
import { untilSigned } from './until-signed.js';

/** What to export, and who asked for it: a user id. */
export type ExportRequest = Readonly<{ selection: Selection; by: string }>;

export type Exports = Readonly<{
  /**
   * A signed bundle of events that were there when it was asked for, as a gzipped tar that is made as it is read. What is
   * wrong with the first part of it is thrown, what is wrong later is the error of the stream. Nothing more is read once
   * `signal` is aborted.
   *
   * @throws DomainError `audit.tampered`, `audit.no_such_stream`, `audit.no_such_correlation`, `audit.too_many_events` or
   * `service.unavailable`.
   */
  open: (request: ExportRequest, signal: AbortSignal) => Promise<Readable>;
}>;

export type ExportsParts = Readonly<{
  eventStore: Pick<EventStore, 'readStream' | 'readAll'>;
  postgres: Postgres;
  index: AuditIndex;
  /** As `untilSigned` takes it. */
  sign: () => Promise<unknown>;
  key: SigningKey;
  /** The most events of a part; tests make it fewer. */
  mostOfPart?: number;
}>;

export const createExports = (parts: ExportsParts): Exports => ({
  open: (request, signal) => reachingPostgres(() => openBundle(parts, request, signal)),
});

const openBundle = async (parts: ExportsParts, { selection, by }: ExportRequest, signal: AbortSignal) => {
  const { postgres, key, mostOfPart } = parts;
  const note = await untilSigned(parts, signal);
  const checkpoint = note === null ? null : openCheckpoint(note, key.publicKey);
  if (note === null || checkpoint === null) throw nothingSelected(selection);
  const { size } = checkpoint;
  const selected = selectedEvents(parts, selection, { through: checkpoint, signal });
  const proven = await begun(provenParts(postgres, selected, checkpoint, mostOfPart));
  if (proven.isEmpty && !('from' in selection)) throw nothingSelected(selection);
  const exportedAt = new Date();
  const members = bundleMembers({
    ...{ selection, exportedBy: by, exportedAt, checkpoint: { note, size }, publicKeyPem: key.publicPem },
    ...{ parts: proven.parts, sign: (content) => sign(null, content, key.privateKey) },
  });
  return archiveOf(members, exportedAt);
};

type Parts = AsyncIterable<readonly ProvenEvent[]>;

/** What can be refused with a reason is refused before anything is sent: the first part is made at once. */
const begun = async (
  parts: AsyncGenerator<readonly ProvenEvent[]>,
): Promise<Readonly<{ isEmpty: boolean; parts: Parts }>> => {
  const first = await parts.next();
  return { isEmpty: first.done === true, parts: first.done === true ? parts : startingWith(first.value, parts) };
};

async function* startingWith(first: readonly ProvenEvent[], rest: Parts) {
  yield first;
  yield* rest;
}

const nothingSelected = (selection: Selection): DomainError => {
  if ('stream' in selection) return new DomainError('audit.no_such_stream', `There is no stream ${selection.stream}`);
  if ('correlationId' in selection)
    return new DomainError('audit.no_such_correlation', 'No event has that correlation id');
  return new DomainError('audit.not_logged', 'Nothing is stored yet, so there is nothing to export');
};
