import type { ErrorCode } from '../../domains/shared/errors.js';
import { isOperational } from '../limits/admission.js';
import { routeClassOf } from '../limits/route-class.js';
import type { Route } from './route.js';

/** Every code with which a route may refuse a request, in the order in which they can come up. */
export const refusalsOf = (route: Route): readonly ErrorCode[] => [
  ...new Set<ErrorCode>([
    ...reaching,
    ...(routeClassOf(route) === null ? [] : (['rate.limited'] as const)),
    ...(isOperational(route.pattern) ? [] : (['gateway.overloaded'] as const)),
    ...(route.access === 'public' ? [] : signingIn),
    ...(typeof route.access === 'object' ? (['auth.forbidden'] as const) : []),
    ...(route.pattern.includes('/:') ? (['route.not_found'] as const) : []),
    ...(route.query ? (['request.invalid'] as const) : []),
    ...(route.body ? reading : []),
    ...(route.isRaw ? (['request.too_large', 'request.malformed_json'] as const) : []),
    ...byKind[route.kind],
    ...(route.refuses ?? []),
    'service.unavailable',
    'service.timeout',
    'internal.error',
  ]),
];

/** What any request may be refused with before its route is known. */
const reaching = [
  ...(['request.malformed', 'request.timeout', 'request.target_too_long', 'request.headers_too_large'] as const),
] as const;

const signingIn = ['auth.missing_token', 'auth.invalid_token', 'auth.expired_token', 'auth.revoked_token'] as const;

const reading = [
  ...(['request.unsupported_media_type', 'request.too_large', 'request.too_deep'] as const),
  'request.malformed_json',
  'request.invalid',
] as const;

const byKind = {
  command: ['idempotency.invalid_key', 'idempotency.mismatch', 'command.invalid', 'command.conflict'],
  query: ['request.invalid_token', 'view.behind', 'view.parked'],
  other: [],
} as const satisfies Record<Route['kind'], readonly ErrorCode[]>;
