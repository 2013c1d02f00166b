import type { components } from '../../../client/api-types.js';
import type { Api } from '../api.js';

type Schemas = components['schemas'];

/** `intact`, `through` and `checkpoint` are there once it is done, `failure` where it could not be. */
export type Verification = Schemas['Verification'];

/** The first thing in the log that is not as it was; a checkpoint that differs is of no stream. */
export type FirstDifference = Schemas['FirstDifference'];

export type CompletedVerification = Schemas['CompletedVerification'];

/** What is exported: a stream, a correlation or a period. */
export type ExportOf =
  Readonly<{ stream: string }> | Readonly<{ correlationId: string }> | Readonly<{ from: string; to: string }>;

export const latestVerification = (api: Api) => api.get('/audit/verify') as Promise<CompletedVerification>;

export const startVerification = (api: Api) => api.send('POST', '/audit/verifications') as Promise<Verification>;

export const getVerification = (api: Api, id: string) =>
  api.get(`/audit/verifications/${encodeURIComponent(id)}`) as Promise<Verification>;

export const getCheckpoints = (api: Api) => api.get('/audit/checkpoints') as Promise<Schemas['Checkpoints']>;

export const getProof = (api: Api, position: string) =>
  api.get(`/audit/proofs/${encodeURIComponent(position)}`) as Promise<Schemas['Proof']>;

export const exportBundle = (api: Api, of: ExportOf) => api.bytes('/audit/exports', of);
