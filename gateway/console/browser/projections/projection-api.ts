import type { components } from '../../../client/api-types.js';
import type { Api, Asked } from '../api.js';

type Schemas = components['schemas'];
export type Projection = Schemas['Projection'];
export type BuildProgress = Schemas['BuildProgress'];
export type ParkedEvent = Schemas['ParkedEvent'];

/** What an admin may ask of the builds of a view. */
export type BuildChange = 'rebuild' | 'switch' | 'rollback';

export const listProjections = (api: Api) => api.get('/admin/projections') as Promise<Schemas['Projections']>;

export const changeProjection = (api: Api, name: string, change: BuildChange) =>
  api.send('POST', `${pathOf(name)}/${change}`);

export const listParked = (api: Api, name: string, asked: Asked) =>
  api.get(`${pathOf(name)}/parked`, asked) as Promise<Schemas['ParkedEvents']>;

export const retryParked = (api: Api, name: string, key: string) =>
  api.send('POST', `${pathOf(name)}/parked/${encodeURIComponent(key)}/retry`);

export const discardParked = (api: Api, name: string, key: string) =>
  api.send('DELETE', `${pathOf(name)}/parked/${encodeURIComponent(key)}`);

const pathOf = (name: string) => `/admin/projections/${encodeURIComponent(name)}`;
