import express, { type Express, type RequestHandler } from 'express';
import { DomainError, isDomainError, type ErrorCode } from '../../domains/shared/errors.js';
import { fields, parseBy } from '../../domains/shared/parse.js';
import type { Log } from '../logging/log.js';
import { forRequest, requestIdFrom } from '../logging/request-context.js';
import { healthOf, readyAnswer, type ReadinessChecks, type Subject } from '../process/health.js';
import type { ServiceTokens } from '../security/service-tokens.js';
import { inSpan, traceIdOf, traceparentFrom } from '../telemetry/tracing.js';
import { anything, parseCommandMessage } from './command-message.js';
import { answerProblem, requireServiceToken } from './endpoint-parts.js';
import type { ServiceBus } from './service-bus.js';
import { createServiceMetrics, type AddMetrics } from './service-metrics.js';
import { upstreamError } from './upstream-error.js';

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
  app.use(answerProblem(log, 'a command or question failed'));
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

const codeOf = (error: unknown): ErrorCode => (isDomainError(error) ? error.code : 'internal.error');
