import type { RequestHandler } from 'express';
import type { Route } from './route.js';

/**
 * Finds the routes without parameters by their address as it stands; whatever is written in another way goes on to the
 * patterns. Of two routes of one address the first answers, as it does there. Express tries one pattern after the other, and in a table as long as this one that is felt.
 */
export const fixedPaths = (
  handlers: ReadonlyMap<Pick<Route, 'method' | 'pattern'>, RequestHandler>,
): RequestHandler => {
  const byAddress = new Map<string, RequestHandler>();
  for (const [{ method, pattern }, handler] of handlers) {
    const address = `${method} ${pattern}`;
    if (!pattern.includes(':') && !byAddress.has(address)) byAddress.set(address, handler);
  }
  return (request, response, next) => {
    const handler = byAddress.get(`${request.method} ${request.url}`);
    if (handler === undefined) {
      next();
      return;
    }
    request.params = {};
    return handler(request, response, next);
  };
};
