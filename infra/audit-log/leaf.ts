import { hash } from 'node:crypto';
import type { StoredEvent } from '../event-store/stored-event.js';
import { canonicalJson } from './canonical-json.js';

/** What a leaf says of an event; whether its data are JSON is told by what the client made of them. */
export type LeafEvent = Omit<StoredEvent, 'category' | 'metadata'> & Readonly<{ metadata: unknown }>;

/**
 * The text of an event in the log: RFC 8785 canonical JSON of `{contentType, created, data, id, metadata, position,
 * revision, stream, type}`. `created` is in milliseconds since 1970, `position` the commit position in decimal digits.
 * Data or metadata that are no JSON are their bytes in base64; `metadata` is `{}` where an event has none.
 */
export const leafText = ({ position, streamId, revision, id, type, created, data, metadata }: LeafEvent): string => {
  const contentType = ArrayBuffer.isView(data) ? 'application/octet-stream' : 'application/json';
  // The members stand in their order already.
  return (
    `{"contentType":"${contentType}","created":${created.getTime()},"data":${contentText(data)},"id":"${id}"` +
    `,"metadata":${contentText(metadata)},"position":"${position.commit}","revision":${revision}` +
    `,"stream":${canonicalJson(streamId)},"type":${canonicalJson(type)}}`
  );
};

const contentText = (content: unknown): string =>
  ArrayBuffer.isView(content)
    ? `"${Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64')}"`
    : canonicalJson(content);

/** SHA-256 of an event's text: what the log keeps of it. */
export const leafDigest = (event: LeafEvent): Buffer => hash('sha256', leafText(event), 'buffer');
