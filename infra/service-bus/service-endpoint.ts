import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { DomainError, errorCodes, isDomainError } from '../../domains/shared/errors.js';
import { fields, id, optional, parseBy, text, type Parser } from '../../domains/shared/parse.js';
import type { Log } from '../logging/log.js';
import { checkReadiness, type ReadinessChecks } from '../process/health-server.js';
import { createServiceTokens } from '../security/service-tokens.js';
import type { CommandMessage, ServiceBus } from './service-bus.js';

export type ServiceEndpointSettings = Readonly<{
  bus: ServiceBus;
  masterKey: string;
  log: Log;
  checks: ReadinessChecks;
}>;

/**
 * Offers a service bus to other processes: `POST /commands/:context`, `POST /questions/:context/:question`, with a
 * service token, and `/health/live` and `/health/ready` to anybody. Refusals are problem+json (RFC 9457).
 */
export const createServiceEndpoint = ({ bus, masterKey, log, checks }: ServiceEndpointSettings): Express => {
  const app = express().disable('x-powered-by');
  app.get('/health/live', (_request, response) => void response.status(204).end());
  app.get('/health/ready', async (_request, response) => {
    const { ready, dependencies } = await checkReadiness(checks);
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'waiting', dependencies });
  });
  app.use(requireServiceToken(masterKey), express.json({ limit: '2mb' }));
  app.post('/commands/:context', async (request, response) => {
    response.json(await bus.send(request.params.context, parseMessage(request.body)));
  });
  app.post('/questions/:context/:question', async (request, response) => {
    const { data } = request.body as { data: unknown };
    response.json(await bus.ask(request.params.context, request.params.question, data));
  });
  app.use(answerProblem(log));
  return app;
};

const anything: Parser<unknown> = (value) => value;

const parseFields = parseBy(
  fields({
    type: text(100),
    data: anything,
    at: text(40),
    commandId: id,
    requestHash: optional(text(200)),
    correlationId: id,
    causationId: optional(id),
    actor: text(200),
    traceparent: text(60),
  }),
);

const parseMessage = (body: unknown): CommandMessage => {
  const { requestHash, causationId, ...message } = parseFields(body);
  return {
    ...message,
    ...(requestHash === null ? {} : { requestHash }),
    ...(causationId === null ? {} : { causationId }),
  };
};

const requireServiceToken = (masterKey: string): RequestHandler => {
  const tokens = createServiceTokens(masterKey);
  return async (request, _response, next) => {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer' || token === undefined)
      throw new DomainError('auth.missing_token', 'A service token is needed');
    await tokens.verify(token);
    next();
  };
};

const answerProblem =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, _request, response, _next) => {
    const known = isDomainError(error);
    if (!known) log.error({ err: error }, 'a command or question failed');
    const code = known ? error.code : 'internal.error';
    const { status, title } = errorCodes[code];
    response.status(status).type('application/problem+json');
    response.json({ status, title, code, detail: known ? error.message : title, errors: known ? error.errors : [] });
  };
