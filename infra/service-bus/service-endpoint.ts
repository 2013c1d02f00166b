import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { DomainError, errorCodes, isDomainError, type ErrorCode } from '../../domains/shared/errors.js';
import { fields, parseBy } from '../../domains/shared/parse.js';
import type { Log } from '../logging/log.js';
import { forRequest, requestIdFrom } from '../logging/request-context.js';
import { healthOf, readyAnswer, type ReadinessChecks, type Subject } from '../process/health.js';
import type { ServiceTokens } from '../security/service-tokens.js';
import { inSpan, traceIdOf, traceparentFrom } from '../telemetry/tracing.js';
import { anything, parseCommandMessage } from './command-message.js';
import type { ServiceBus } from './service-bus.js';
import { createServiceMetrics, type AddMetrics } from './service-metrics.js';
import { upstreamError, upstreamOf } from './upstream-error.js';

export type ServiceEndpointSettings = Readonly<{
  bus: ServiceBus;
  /** The contexts that are offered: the bus may reach more. */
  contexts: readonly string[];
  subject: Subject;
  tokens: Pick<ServiceTokens, 'verify' | 'jwks'>;
  log: Log;
  checks: ReadinessChecks;
  addMetrics?: AddMetrics | undefined;
}>;

/**
 * Offers contexts of a service bus to other processes: `POST /commands/:context`, `POST /questions/:context/:question`,
 * with a service token; and to anybody `/health`, `/health/live`, `/health/ready`, `/metrics` and the tokens' public key
 * at `/.well-known/jwks.json`. Refusals are problem+json (RFC 9457).
 */
export const createServiceEndpoint = ({
  bus,
  contexts,
  subject,
  tokens,
  log,
  checks,
  addMetrics,
}: ServiceEndpointSettings): Express => {
  const app = express().disable('x-powered-by').disable('etag');
  const metrics = createServiceMetrics(addMetrics);
  app.use(metrics.measure, inRequest);
  app.get('/health', async (_request, response) => void response.json(await healthOf(subject, checks)));
  app.get('/health/live', (_request, response) => void response.status(204).end());
  app.get('/health/ready', async (_request, response) => {
    const { status, body } = await readyAnswer(checks);
    response.status(status).json(body);
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
  app.get('/.well-known/jwks.json', async (_request, response) => void response.json(await tokens.jwks()));

  const calls = [requireServiceToken(tokens), express.json({ limit: '2mb' })];
  app.post('/commands/:context', ...calls, async (request, response) => {
    const context = offered(contexts, request.params['context']);
    const message = parseCommandMessage(request.body);
    const receipt = await bus.send(context, message).catch((error: unknown) => {
      metrics.command(message.type, codeOf(error));
      throw error;
    });
    metrics.command(message.type, 'done');
    response.json(receipt);
  });
  app.post('/questions/:context/:question', ...calls, async (request, response) => {
    const context = offered(contexts, request.params['context']);
    const question = String(request.params['question']);
    const { data } = parseQuestion(request.body);
    const parent = traceparentFrom(request.headers);
    const options = { kind: 'server', ...(parent === undefined ? {} : { parent }) } as const;
    const answer = await inSpan(`${context} ${question}`, options, () => bus.ask(context, question, data));
    response.json(answer ?? null);
  });
  app.use(() => {
    throw new DomainError(
      'route.not_found',
      'A service takes POST /commands/:context and /questions/:context/:question',
    );
  });
  app.use(answerProblem(log));
  return app;
};

/** What is logged of a call belongs to the request that led to it. */
const inRequest: RequestHandler = ({ headers }, _response, next) => {
  const requestId = requestIdFrom(headers);
  const traceparent = traceparentFrom(headers);
  const traceId = traceparent && traceIdOf(traceparent);
  forRequest({ ...(requestId && { requestId }), ...(traceId && { traceId }) }, next);
};

const parseQuestion = parseBy(fields({ data: anything }));

/** Whoever asks here for another context was sent to the wrong place: asking again would not help. */
const offered = (contexts: readonly string[], context: unknown): string => {
  const asked = String(context);
  if (contexts.includes(asked)) return asked;
  throw upstreamError(asked, { code: 'service.unavailable', detail: `The ${asked} service does not run here` });
};

const requireServiceToken =
  ({ verify }: Pick<ServiceTokens, 'verify'>): RequestHandler =>
  async (request, _response, next) => {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer' || token === undefined)
      throw new DomainError('auth.missing_token', 'A service token is needed');
    await verify(token);
    next();
  };

const answerProblem =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, _request, response, _next) => {
    const refusal = isDomainError(error) ? error : refusalOfBody(error);
    if (!refusal) log.error({ err: error }, 'a command or question failed');
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

const codeOf = (error: unknown): ErrorCode => (isDomainError(error) ? error.code : 'internal.error');
