import type { Api } from '../api.js';

/** The first thing in the log that is not as it was. */
export type FirstDifference = Readonly<{ position: string; stream: string; revision: number; kind: string }>;

/** A verification; `intact`, `through` and `checkpoint` are there once it is done. */
export type Verification = Readonly<{
  id: string;
  state?: 'running' | 'done' | 'failed';
  progress?: Readonly<{ done: number; total: number }>;
  intact?: boolean;
  through?: string;
  checkpoint?: unknown;
  firstDifference?: FirstDifference | null;
  completedAt?: string;
}>;

/** What is exported: a stream, a correlation or a period. */
export type ExportOf =
  Readonly<{ stream: string }> | Readonly<{ correlationId: string }> | Readonly<{ from: string; to: string }>;

export const latestVerification = (api: Api) => api.get('/audit/verify') as Promise<Verification>;

export const startVerification = (api: Api) => api.send('POST', '/audit/verifications') as Promise<Verification>;

export const getVerification = (api: Api, id: string) =>
  api.get(`/audit/verifications/${encodeURIComponent(id)}`) as Promise<Verification>;

export const getCheckpoints = (api: Api) => api.get('/audit/checkpoints');

export const getProof = (api: Api, position: string) => api.get(`/audit/proofs/${encodeURIComponent(position)}`);

export const exportBundle = (api: Api, of: ExportOf) => api.bytes('/audit/exports', of);
