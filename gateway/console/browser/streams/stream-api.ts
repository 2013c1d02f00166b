import type { components } from '../../../client/api-types.js';
import type { Api, Asked } from '../api.js';

/** An event as it lies in the log: personal fields are sealed. */
export type StoredEvent = components['schemas']['StoredEvent'];

export type Streams = Readonly<{
  items: readonly Readonly<{ stream: string; lastRevision: number }>[];
  nextCursor: string | null;
}>;

/** Cursors are revisions: where to go on in the same direction, and in the other. */
export type StreamPart = Readonly<{
  items: readonly StoredEvent[];
  nextCursor: string | null;
  previousCursor?: string | null;
}>;

export type StateThen = Readonly<{ stream: string; revision: number; at: string; state: unknown }>;

type Point = Readonly<{ revision: number; at: string }>;

/** `path` is a JSON pointer (RFC 6901). */
export type Difference = Readonly<{
  stream: string;
  from: Point;
  to: Point;
  changes: readonly Readonly<{ path: string; before?: unknown; after?: unknown }>[];
}>;

export type Cause = Readonly<{ event: StoredEvent; causes: readonly Cause[] }>;
export type Correlation = Readonly<{ correlationId: string; events: number; roots: readonly Cause[] }>;

export const findStreams = (api: Api, asked: Asked) => api.get('/audit/streams', asked) as Promise<Streams>;

export const readStream = (api: Api, stream: string, asked: Asked) =>
  api.get(pathOf(stream), asked) as Promise<StreamPart>;

export const stateAt = (api: Api, stream: string, asked: Asked) =>
  api.get(`${pathOf(stream)}/state`, asked) as Promise<StateThen>;

export const differenceOf = (api: Api, stream: string, asked: Asked) =>
  api.get(`${pathOf(stream)}/difference`, asked) as Promise<Difference>;

export const getCorrelation = (api: Api, id: string) =>
  api.get(`/audit/correlations/${encodeURIComponent(id)}`) as Promise<Correlation>;

const pathOf = (stream: string) => `/audit/streams/${encodeURIComponent(stream)}`;
