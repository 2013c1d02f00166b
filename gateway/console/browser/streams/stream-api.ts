import type { components } from '../../../client/api-types.js';
import type { Api, Asked } from '../api.js';

type Schemas = components['schemas'];

/** An event as it lies in the log: personal fields are sealed. */
export type StoredEvent = Schemas['StoredEvent'];

/** Cursors are revisions: where to go on in the same direction, and in the other. */
export type StreamPart = Schemas['StreamEvents'];

/** An event with those that it caused. */
export type Cause = Schemas['CausedEvent'];

export const findStreams = (api: Api, asked: Asked) => api.get('/audit/streams', asked) as Promise<Schemas['Streams']>;

export const readStream = (api: Api, stream: string, asked: Asked) =>
  api.get(pathOf(stream), asked) as Promise<StreamPart>;

export const stateAt = (api: Api, stream: string, asked: Asked) =>
  api.get(`${pathOf(stream)}/state`, asked) as Promise<Schemas['PastState']>;

export const differenceOf = (api: Api, stream: string, asked: Asked) =>
  api.get(`${pathOf(stream)}/difference`, asked) as Promise<Schemas['Difference']>;

export const getCorrelation = (api: Api, id: string) =>
  api.get(`/audit/correlations/${encodeURIComponent(id)}`) as Promise<Schemas['Correlation']>;

const pathOf = (stream: string) => `/audit/streams/${encodeURIComponent(stream)}`;
