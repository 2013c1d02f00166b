import type { components } from '../api-types.js';

type Schemas = components['schemas'];

/** An event as it lies in the log. */
export type StoredEvent = Schemas['StoredEvent'];

export type StreamPage = Schemas['StreamEvents'];

export type StateThen = Schemas['PastState'];

/** A field that is not the same at two points; `path` is an RFC 6901 pointer, and what was not there is left out. */
export type Change = Schemas['Change'];

export type Difference = Schemas['Difference'];

export type Replay = Schemas['Replay'];

export type ReplayRow = Schemas['ReplayedRow'];

/** `intact`, `through` and `checkpoint` are there once it is done, `failure` where it could not be. */
export type Verification = Schemas['Verification'];

/** Work that the platform does in the background. */
export type Work = Pick<Replay | Verification, 'id' | 'state' | 'progress'>;

export type Page<Item> = Readonly<{ items: readonly Item[]; nextCursor: string | null }>;
