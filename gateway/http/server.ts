import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { DomainError } from '../../domains/shared/errors.js';
import type { Log } from '../../infra/logging/log.js';
import { closingOf } from '../../infra/process/server.js';
import type { AccessTokens } from '../../infra/security/access-tokens.js';
import { platformVersion } from '../../infra/telemetry/version.js';
import { docs } from '../openapi/docs.js';
import { openApiRoutes } from '../openapi/routes.js';
import { fixedPaths } from './fixed-paths.js';
import { createReceive, nothingHere } from './receive.js';
import type { Method, Route } from './route.js';
import { serveRoute, type ServeParts } from './serve-route.js';
import { createStreams } from './streams.js';
import { createValidators } from './validation.js';

export type GatewayParts = Readonly<{
  routes: readonly Route[];
  accessTokens: Pick<AccessTokens, 'verify'>;
  log: Log;
}>;

/** The HTTP server of the public API; it does not listen yet. Streams that are open when it closes are ended. */
export const createGateway = ({ routes, accessTokens: { verify }, log }: GatewayParts): Server => {
  const validators = createValidators();
  const parts: ServeParts = { log, streams: createStreams() };
  const app = express().disable('x-powered-by').set('query parser', 'simple');
  const all = [...routes, ...openApiRoutes(routes, platformVersion())];
  const handlers = new Map(
    all.map((route) => [route, serveRoute({ ...route, receive: createReceive(route, { verify, validators }) }, parts)]),
  );
  app.use(fixedPaths(handlers));
  for (const [{ method, pattern }, handler] of handlers) app[verbs[method]](pattern, handler);
  app.use('/docs', docs());
  for (const [pattern, methods] of methodsOf(all)) app.all(pattern, refuseMethod(methods, parts));
  app.use(refuse(nothingHere(), parts));
  app.use(refuseUnroutable(parts));
  const server = serverOf(app);
  closingOf(server).addEventListener('abort', parts.streams.endAll, { once: true });
  return server;
};

const verbs = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const satisfies Record<Method, string>;

/** The methods that each pattern takes; whatever can be read can be asked about as well (RFC 9110, 9.3.2). */
const methodsOf = (routes: readonly Route[]): ReadonlyMap<string, readonly string[]> => {
  const methods = new Map<string, string[]>();
  for (const { pattern, method } of routes)
    methods.set(pattern, [...(methods.get(pattern) ?? []), method, ...(method === 'GET' ? ['HEAD'] : [])]);
  return methods;
};

/** RFC 9110, 15.5.6: says which methods there are. */
const refuseMethod =
  (methods: readonly string[], parts: ServeParts): RequestHandler =>
  (request, response, next) => {
    const allowed = [...methods, 'OPTIONS'].join(', ');
    response.setHeader('Allow', allowed);
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    const error = new DomainError('request.method_not_allowed', `This address takes ${allowed}`);
    return refuse(error, parts)(request, response, next);
  };

const refuse = (error: Error, parts: ServeParts) => {
  const fail = () => Promise.reject(error);
  return serveRoute({ pattern: '(unknown)', receive: fail, handle: fail }, parts);
};

/** Express itself fails where it cannot decode a path, such as `/orders/%zz`. */
const refuseUnroutable =
  (parts: ServeParts): ErrorRequestHandler =>
  (error: unknown, request, response, next) =>
    refuse(error instanceof URIError ? nothingHere() : (error as Error), parts)(request, response, next);

/**
 * On Node 20 Express loses most of its speed by changing the prototypes of every request and response: here they are
 * made with the prototypes it wants (https://github.com/expressjs/express/issues/5998). Classes that extend Node's, since
 * what `Reflect.construct` makes for another prototype is slower still. It can go with Node 20.
 */
const serverOf = (app: Express): Server => {
  const Request = withPrototype(IncomingMessage, app.request);
  const Response = withPrototype(ServerResponse, app.response);
  app.request = Request.prototype as typeof app.request;
  app.response = Response.prototype as typeof app.response;
  return createServer({ IncomingMessage: Request, ServerResponse: Response }, app);
};

const withPrototype = <Class extends typeof IncomingMessage | typeof ServerResponse>(
  base: Class,
  prototype: object,
) => {
  const Made = class extends (base as new (...given: unknown[]) => object) {} as Class;
  Object.setPrototypeOf(Made.prototype, prototype);
  return Made;
};
