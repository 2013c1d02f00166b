import type { Api, Asked } from '../api.js';

/** A view as it was, built aside. `rows`, `checksum` and `difference` are there once it is done. */
export type Replay = Readonly<{
  id: string;
  view: string;
  at: string;
  position: string | null;
  state: 'running' | 'done' | 'failed';
  progress: Readonly<{ done: number; total: number }> | null;
  rows: number | null;
  checksum: string | null;
  /** From the view that serves, with at most 20 keys. */
  difference: Readonly<{ added: number; missing: number; changed: number; keys: readonly string[] }> | null;
}>;

type List<Item> = Readonly<{ items: readonly Item[]; nextCursor?: string | null }>;

export type ReplayRow = Readonly<{ key: string; row: unknown; position: string }>;

export const listReplays = (api: Api) => api.get('/audit/replays') as Promise<List<Replay>>;

export const getReplay = (api: Api, id: string) => api.get(pathOf(id)) as Promise<Replay>;

export const replayRows = (api: Api, id: string, asked: Asked) =>
  api.get(`${pathOf(id)}/rows`, asked) as Promise<List<ReplayRow>>;

export const startReplay = (api: Api, asked: Readonly<{ view: string; at: string }>) =>
  api.send('POST', '/audit/replays', asked) as Promise<Replay>;

export const dropReplay = (api: Api, id: string) => api.send('DELETE', pathOf(id));

const pathOf = (id: string) => `/audit/replays/${encodeURIComponent(id)}`;
