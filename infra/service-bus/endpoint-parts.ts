import type { ErrorRequestHandler, RequestHandler } from 'express';
import { DomainError, errorCodes, isDomainError } from '../../domains/shared/errors.js';
import type { Log } from '../logging/log.js';
import type { ServiceTokens } from '../security/service-tokens.js';
import { upstreamOf } from './upstream-error.js';

/** Lets in who shows a service token, as other processes of the platform do. */
export const requireServiceToken =
  ({ verify }: Pick<ServiceTokens, 'verify'>): RequestHandler =>
  async (request, _response, next) => {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer' || token === undefined)
      throw new DomainError('auth.missing_token', 'A service token is needed');
    await verify(token);
    next();
  };

/** Answers refusals as problem+json (RFC 9457); whatever else went wrong is logged as `what`. */
export const answerProblem =
  (log: Log, what: string): ErrorRequestHandler =>
  (error: unknown, _request, response, _next) => {
    const refusal = isDomainError(error) ? error : refusalOfBody(error);
    if (!refusal) log.error({ err: error }, what);
    const code = refusal?.code ?? 'internal.error';
    const { status, title } = errorCodes[code];
    const { message: detail, errors } = refusal ?? { message: title, errors: [] };
    const upstream = upstreamOf(error);
    response.status(status).type('application/problem+json');
    response.json({ status, title, code, detail, errors, ...(upstream === undefined ? {} : { upstream }) });
  };

/** What Express's parser says of a body that it cannot read; undefined where the error is another. */
const refusalOfBody = (error: unknown): DomainError | undefined => {
  const { type, status } = Object(error) as { type?: unknown; status?: unknown };
  if (type === 'entity.too.large') return new DomainError('request.too_large', 'The body may have 2 MiB at most');
  if (type === 'entity.parse.failed') return new DomainError('request.malformed_json', 'The body is not JSON');
  return typeof type === 'string' && status === 415
    ? new DomainError('request.unsupported_media_type', 'The body must be JSON in UTF-8')
    : undefined;
};
