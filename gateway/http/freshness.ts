import type { IncomingHttpHeaders } from 'node:http';
import { parseTokens } from '../../infra/consistency/consistency-token.js';
import type { Freshness } from '../../projections/shared/queries.js';

const defaultWaitSeconds = 2;
const mostWaitSeconds = 30;

/**
 * How fresh an answer the caller wants: `X-Consistency-Token` and `Prefer: wait=<seconds>`.
 *
 * @throws DomainError `request.invalid_token`.
 */
export const freshnessOf = (headers: IncomingHttpHeaders): Freshness => ({
  after: parseTokens(single(headers['x-consistency-token'])),
  waitMs: waitSeconds(single(headers['prefer'])) * 1_000,
});

/** The headers of a request that is not to wait longer than usual: for something that is shown without what takes longer. */
export const briefly = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  waitSeconds(single(headers['prefer'])) > defaultWaitSeconds
    ? { ...headers, prefer: `wait=${defaultWaitSeconds}` }
    : headers;

/** A preference that makes no sense is ignored (RFC 7240, 2). */
const waitSeconds = (prefer = ''): number => {
  const [, digits] = /(?:^|[,;])\s*wait\s*=\s*"?(\d+)"?\s*(?:$|[,;])/i.exec(prefer) ?? [];
  return digits === undefined ? defaultWaitSeconds : Math.min(Number(digits), mostWaitSeconds);
};

/** Node joins a header of ours that was sent several times with commas; its types do not know. */
const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(',') : header;
