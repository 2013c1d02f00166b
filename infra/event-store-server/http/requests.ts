import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Activity } from '../activity.js';
import type { Authenticator } from '../security/authentication.js';
import { readFigures, type Sources } from './figures.js';
import { createMetrics, type Metrics } from './metrics.js';
import type { Scavenges } from './scavenges.js';

/** Without an authenticator everybody is answered. */
export type RequestOptions = Readonly<{
  sources: Sources;
  activity: Activity;
  authenticator: Authenticator | undefined;
  scavenges: Scavenges;
}>;

type Answer = (response: ServerResponse) => Promise<void> | void;
/** What a path does, by method. */
type Route = Readonly<{ GET: Answer; POST?: Answer }>;

const livePath = '/health/live';

/**
 * Answers `GET /health/live`, `/stats` and `/metrics`, and `POST` and `GET /admin/scavenge`, one request per connection. It
 * does not listen itself.
 */
export const createRequestServer = ({ sources, activity, authenticator, scavenges }: RequestOptions): Server => {
  let metrics: Promise<Metrics> | undefined;

  const routes: Readonly<Record<string, Route | undefined>> = {
    [livePath]: { GET: (response) => void response.writeHead(204).end() },
    '/stats': { GET: async (response) => json(response, 200, await readFigures(sources)) },
    '/metrics': {
      GET: async (response) => {
        const { contentType, text } = await (metrics ??= createMetrics());
        response.setHeader('content-type', contentType);
        response.end(await text(await readFigures(sources)));
      },
    },
    '/admin/scavenge': {
      GET: (response) => json(response, 200, scavenges.current() ?? { state: 'none' }),
      POST: (response) => {
        if (scavenges.start()) json(response, 202, scavenges.current());
        else problem(response, 409, 'A scavenge is running: wait until GET /admin/scavenge says that it is done');
      },
    },
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (authenticator && path !== livePath) {
      const { type } = await authenticator.check(request.headers.authorization);
      if (type !== 'accepted') {
        activity.refusedCalls += 1;
        refuse(response, type);
        return;
      }
    }
    const route = routes[path];
    if (!route) {
      problem(response, 404, `There is nothing at ${path}`);
      return;
    }
    const answer = request.method === 'POST' ? route.POST : isReading(request) ? route.GET : undefined;
    if (!answer) {
      refuseMethod(response, path, route);
      return;
    }
    // A page in somebody's browser could reach a server on loopback.
    if (request.method === 'POST' && request.headers.origin !== undefined) {
      problem(response, 403, 'Pages of other origins may not do this');
      return;
    }
    await answer(response);
  };

  return createServer({ keepAlive: false }, (request, response) => {
    response.setHeader('connection', 'close');
    response.setHeader('cache-control', 'no-store');
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else problem(response, 500, (error as Error).message);
    });
  });
};

const isReading = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD';

const refuseMethod = (response: ServerResponse, path: string, { POST: post }: Route) => {
  const allowed = post ? 'GET, HEAD, POST' : 'GET, HEAD';
  response.setHeader('allow', allowed);
  problem(response, 405, `${path} takes ${allowed} only`);
};

const json = (response: ServerResponse, status: number, value: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
};

const refuse = (response: ServerResponse, reason: 'refused' | 'busy') => {
  if (reason === 'busy') {
    response.setHeader('retry-after', '1');
    problem(response, 503, 'Too many passwords wait to be checked: try again in a moment');
    return;
  }
  response.setHeader('www-authenticate', 'Basic realm="event store", charset="UTF-8"');
  problem(response, 401, 'The name and the password of a user are needed');
};

/** An error as RFC 9457 describes it. */
const problem = (response: ServerResponse, status: number, detail: string) => {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail }));
};
