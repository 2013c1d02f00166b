import { basePath, type Route } from '../http/route.js';

/** Routes that share a bucket: whoever has used up one class can still use the others. */
export type RouteClass = 'reads' | 'commands' | 'tokens' | 'registrations' | 'notices';

/** The class of a route; null for those by which the platform is run, which are never limited. */
export const routeClassOf = ({
  pattern,
  method,
  isRaw,
}: Pick<Route, 'pattern' | 'method' | 'isRaw'>): RouteClass | null => {
  if (pattern === '/openapi.json' || pattern === '/docs' || pattern.startsWith('/docs/')) return 'reads';
  if (!pattern.startsWith(`${basePath}/`)) return null;
  if (isRaw) return 'notices';
  if (pattern.startsWith(`${basePath}/auth/`)) return 'tokens';
  if (method === 'GET') return 'reads';
  return method === 'POST' && pattern === `${basePath}/users` ? 'registrations' : 'commands';
};
