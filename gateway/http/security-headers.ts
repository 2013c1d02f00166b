import type { Route } from './route.js';

/**
 * What browsers are told with every answer, after OWASP's REST Security Cheat Sheet and helmet. Answers are data: no page
 * may show them in a frame, load them as its own or guess what they are. Browsers heed Strict-Transport-Security only
 * where it came over TLS (RFC 6797, 8.1), so it does no harm where there is none.
 */
export const securityHeaders = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

type Constant = Readonly<Record<string, string>>;

/** The headers that every answer of a route has unless it says otherwise. */
export const constantHeaders = (route: Pick<Route, 'kind' | 'access' | 'answers'>): Constant => {
  const caching = cachingOf(route);
  return caching === undefined ? securityHeaders : { ...securityHeaders, 'Cache-Control': caching };
};

/**
 * How answers may be kept (RFC 9111). What everybody may read says so itself; what has a tag may be kept by whoever it is
 * for and is asked about each time; all else, tokens and inboxes among it, is kept by nobody.
 */
const cachingOf = ({ kind, access, answers }: Pick<Route, 'kind' | 'access' | 'answers'>): string | undefined => {
  if (access === 'public') return kind === 'query' ? undefined : unkept;
  return answers.headers?.includes('ETag') ? 'private, no-cache' : unkept;
};

const unkept = 'no-store';

/** Those of the refusal of an address that leads nowhere. */
export const refusalHeaders: Constant = { ...securityHeaders, 'Cache-Control': unkept };
