import type { components } from '../../../client/api-types.js';
import type { Api, Asked } from '../api.js';

type Schemas = components['schemas'];

/** A view as it was, built aside. */
export type Replay = Schemas['Replay'];

export const isRunning = ({ state }: Pick<Replay, 'state'>): boolean => state === 'running';

export const listReplays = (api: Api) => api.get('/audit/replays') as Promise<Schemas['Replays']>;

export const getReplay = (api: Api, id: string) => api.get(pathOf(id)) as Promise<Replay>;

export const replayRows = (api: Api, id: string, asked: Asked) =>
  api.get(`${pathOf(id)}/rows`, asked) as Promise<Schemas['ReplayedRows']>;

export const startReplay = (api: Api, asked: Schemas['ReplayBody']) =>
  api.send('POST', '/audit/replays', asked) as Promise<Replay>;

export const dropReplay = (api: Api, id: string) => api.send('DELETE', pathOf(id));

const pathOf = (id: string) => `/audit/replays/${encodeURIComponent(id)}`;
