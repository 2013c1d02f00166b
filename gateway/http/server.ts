import {
  createServer,
  IncomingMessage,
  ServerResponse,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http';
import { Registry } from 'prom-client';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { DomainError } from '../../domains/shared/errors.js';
import type { Log } from '../../infra/logging/log.js';
import { closingOf, whileClosing } from '../../infra/process/server.js';
import { platformVersion } from '../../infra/telemetry/version.js';
import { createAdmission } from '../limits/admission.js';
import { createClientAddress, type ClientAddress } from '../limits/client-address.js';
import { boundConnections, patience, serverOptions, type Patience } from '../limits/connections.js';
import { createInFlight, inFlightBounds, type InFlightBounds } from '../limits/in-flight.js';
import { createOpenStreams, streamBounds, type StreamBounds } from '../limits/open-streams.js';
import { watchPressure } from '../limits/pressure.js';
import { createRateLimits, type Admit, type RateLimits } from '../limits/rate-limits.js';
import { createRequestMetrics } from '../metrics/request-metrics.js';
import { docsRoutes } from '../openapi/docs.js';
import { openApiRoutes } from '../openapi/routes.js';
import type { TokenReader } from './authenticate.js';
import { createCrossOrigin } from './cross-origin.js';
import { fixedPaths } from './fixed-paths.js';
import { createReceive, nothingHere, type Receive } from './receive.js';
import { refuseRequest } from './refused.js';
import { basePath, type GatewayRequest, type Method, type Route } from './route.js';
import { constantHeaders, refusalHeaders } from './security-headers.js';
import { serveRoute, type ServeParts } from './serve-route.js';
import { createStreams } from './streams.js';
import { isStreamed } from './success.js';
import { createValidators } from './validation.js';

export type GatewayParts = Readonly<{
  routes: readonly Route[];
  /** What is served beside the API and is no part of its description; nothing without. */
  pages?: readonly Route[] | undefined;
  accessTokens: TokenReader;
  log: Log;
  /** Takes the metrics of requests. */
  registry?: Registry | undefined;
  /** Origins whose pages may use the API from browsers; none without. */
  corsOrigins?: readonly string[] | undefined;
  /** Proxies that are believed whom they hear from; none without. */
  trustedProxies?: readonly string[] | undefined;
  /** Those that hold where nothing is set, when it is left out. */
  rateLimits?: RateLimits;
  /** What tests make smaller or larger. */
  bounds?: Readonly<{
    patience?: Partial<Patience>;
    inFlight?: Partial<InFlightBounds>;
    streams?: Partial<StreamBounds>;
  }>;
}>;

/** The HTTP server of the public API; it does not listen yet. Streams that are open when it closes are ended. */
export const createGateway = ({
  routes,
  pages = [],
  accessTokens,
  log,
  registry = new Registry(),
  corsOrigins = [],
  trustedProxies = [],
  rateLimits = createRateLimits(),
  bounds = {},
}: GatewayParts): Server => {
  const validators = createValidators();
  const addressOf = createClientAddress(trustedProxies);
  const inFlight = createInFlight({ ...inFlightBounds, ...bounds.inFlight }, addressOf);
  const streamsAtOnce = { ...streamBounds, ...bounds.streams };
  const { streams, admitStream } = createOpenStreams(createStreams(), { inFlight, addressOf, ...streamsAtOnce });
  const metrics = createRequestMetrics(registry, { openStreams: streams.open, room: inFlight.room });
  const parts: ServeParts = { log, streams, metrics, crossOrigin: createCrossOrigin(corsOrigins) };
  const app = express().disable('x-powered-by').set('query parser', 'simple').enable(exactCase).enable(exactSlashes);
  const all = [...routes, ...openApiRoutes(routes, platformVersion()), ...docsRoutes(), ...pages];
  const handlers = new Map(
    all.map((route) => {
      const admit = rateLimits(route, accessTokens);
      const admitted = isStreamed(route.answers) ? admitStream(admit) : admit;
      const receive = createReceive(route, { admit: admitted, addressOf, validators });
      return [route, serveRoute({ ...route, receive, constant: constantHeaders(route) }, parts)];
    }),
  );
  app.use(fixedPaths(handlers));
  for (const [{ method, pattern }, handler] of handlers) app[verbs[method]](pattern, handler);
  const refusing: RefusingParts = { ...parts, admit: rateLimits(nowhere, accessTokens), addressOf };
  for (const [pattern, methods] of methodsOf(all)) app.all(pattern, refuseMethod(pattern, methods, refusing));
  app.use(refuse(nothingHere(), refusing));
  app.use(refuseUnroutable(refusing));
  const bearing = { ...patience, ...bounds.patience };
  const server = serverOf(app, (listener) => createAdmission(listener, { inFlight, ...parts }), serverOptions(bearing));
  boundConnections(server, bearing, parts);
  server.once('close', watchPressure(inFlight.adapt, log));
  whileClosing(server, (request, response) => {
    if (request.url === '/health/live') app(request, response);
    else refuseRequest(response, new DomainError('service.unavailable', 'This gateway stops; try again soon'), parts);
  });
  closingOf(server).addEventListener('abort', streams.endAll, { once: true });
  return server;
};

/** An address has one form: a proxy that keeps strangers from one keeps them from what it leads to. */
const [exactCase, exactSlashes] = ['case sensitive routing', 'strict routing'] as const;

const verbs = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const satisfies Record<Method, string>;

/** The methods that each pattern takes; whatever can be read can be asked about as well (RFC 9110, 9.3.2). */
const methodsOf = (routes: readonly Route[]): ReadonlyMap<string, readonly string[]> => {
  const methods = new Map<string, string[]>();
  for (const { pattern, method } of routes)
    methods.set(pattern, [...(methods.get(pattern) ?? []), method, ...(method === 'GET' ? ['HEAD'] : [])]);
  return methods;
};

type RefusingParts = ServeParts & Readonly<{ admit: Admit; addressOf: ClientAddress }>;

/** Whoever tries addresses uses up the reads of their own. */
const nowhere = { access: 'public', pattern: `${basePath}/`, method: 'GET' } as const;

/** RFC 9110, 15.5.6: says which methods there are. */
const refuseMethod = (pattern: string, methods: readonly string[], parts: RefusingParts): RequestHandler => {
  const allowed = [...methods, 'OPTIONS'].join(', ');
  const refused = refuse(new DomainError('request.method_not_allowed', `This address takes ${allowed}`), parts);
  const told = serveRoute(
    {
      pattern,
      constant: refusalHeaders,
      receive: ({ headers }) => Promise.resolve({ headers } as GatewayRequest),
      handle: ({ headers }) =>
        Promise.resolve({
          status: 204,
          headers: { Allow: allowed, ...parts.crossOrigin.preflightFor(headers, allowed) },
        }),
    },
    parts,
  );
  return (request, response, next) => {
    if (request.method === 'OPTIONS') return told(request, response, next);
    response.setHeader('Allow', allowed);
    return refused(request, response, next);
  };
};

const refuse = (error: Error, { admit, addressOf, ...parts }: RefusingParts) => {
  const fail = () => Promise.reject(error);
  const receive: Receive = (request, _traceparent, answer) => admit(request, addressOf(request), answer).then(fail);
  return serveRoute({ pattern: '(unknown)', receive, handle: fail, constant: refusalHeaders }, parts);
};

/** Express itself fails where it cannot decode a path, such as `/orders/%zz`. */
const refuseUnroutable =
  (parts: RefusingParts): ErrorRequestHandler =>
  (error: unknown, request, response, next) =>
    refuse(error instanceof URIError ? nothingHere() : (error as Error), parts)(request, response, next);

/**
 * On Node 20 Express loses most of its speed by changing the prototypes of every request and response: here they are
 * made with the prototypes it wants (https://github.com/expressjs/express/issues/5998). Classes that extend Node's, since
 * what `Reflect.construct` makes for another prototype is slower still. It can go with Node 20.
 */
const serverOf = (
  app: Express,
  admitted: (listener: RequestListener) => RequestListener,
  options: ServerOptions,
): Server => {
  const Request = withPrototype(IncomingMessage, app.request);
  const Response = withPrototype(ServerResponse, app.response);
  app.request = Request.prototype as typeof app.request;
  app.response = Response.prototype as typeof app.response;
  return createServer({ ...options, IncomingMessage: Request, ServerResponse: Response }, admitted(app));
};

const withPrototype = <Class extends typeof IncomingMessage | typeof ServerResponse>(
  base: Class,
  prototype: object,
) => {
  const Made = class extends (base as new (...given: unknown[]) => object) {} as Class;
  Object.setPrototypeOf(Made.prototype, prototype);
  return Made;
};
