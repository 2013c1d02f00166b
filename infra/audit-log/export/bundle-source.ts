import { DomainError } from '../../../domains/shared/errors.js';
import { unhurriedFetch } from '../../process/unhurried-fetch.js';
import type { ServiceTokens } from '../../security/service-tokens.js';
import { problemIn } from '../../service-bus/call-instance.js';
import type { ExportRequest } from './exports.js';

/** Bundles, of which only the auditor, who has the key, can make any. */
export type BundleSource = Readonly<{
  /**
   * The bytes of a bundle as they are made; they break off where something goes wrong then.
   *
   * @throws DomainError as the auditor refuses it; `service.unavailable` while the auditor is away; `service.timeout`.
   */
  open: (request: ExportRequest, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
}>;

type SourceParts = Readonly<{ auditorUrl: string; tokens: Pick<ServiceTokens, 'issue'> }>;

/** More than the auditor waits for the log; it also reads the first events before it answers. */
const answersWithinMs = 90_000;

export const createBundleSource = ({ auditorUrl, tokens }: SourceParts): BundleSource => ({
  open: async (request, signal) => {
    const slow = new AbortController();
    const timer = setTimeout(() => slow.abort(), answersWithinMs);
    const headers = { authorization: `Bearer ${await tokens.issue()}`, 'content-type': 'application/json' };
    try {
      const left = AbortSignal.any([signal, slow.signal]);
      const asked = { method: 'POST', headers, body: JSON.stringify(request), signal: left };
      // A part without anything that is wanted may take the auditor minutes.
      const response = await unhurriedFetch(new Request(new URL('/exports', auditorUrl), asked));
      if (!response.ok) throw refusalIn(await response.text());
      return response.body as unknown as AsyncIterable<Uint8Array>;
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw slow.signal.aborted ? tooSlow() : away(error);
    } finally {
      clearTimeout(timer);
    }
  },
});

const refusalIn = (text: string): DomainError => {
  const problem = problemIn(text);
  return problem ? new DomainError(problem.code, problem.detail, problem.errors) : away(new Error('It gave no reason'));
};

const away = (cause: unknown): DomainError => {
  const error = new DomainError('service.unavailable', 'The auditor does not answer; try again soon');
  error.cause = cause;
  return error;
};

const tooSlow = () => new DomainError('service.timeout', 'The auditor took too long; try again, or export less');
