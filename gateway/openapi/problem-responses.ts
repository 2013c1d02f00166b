import { errorCodes, type ErrorCode } from '../../domains/shared/errors.js';
import { refusalsOf } from '../http/refusals.js';
import type { Route } from '../http/route.js';
import type { Schema } from '../http/validation.js';

/** The answers of a route to what it refuses, by their statuses; `answered` is what it may answer with one of these. */
export const problemResponses = (route: Route, answered: Schema = {}): Readonly<Record<string, Schema>> =>
  Object.fromEntries(
    groupsOf(route).map((group) => [
      group.status,
      group.status === route.answers.orElse
        ? problemResponse(group, answered)
        : { $ref: `#/components/responses/${nameOf(group)}` },
    ]),
  );

/** What `problemResponses` refers to: each names its codes, and shows one of each. */
export const sharedProblemResponses = (routes: readonly Route[]): Readonly<Record<string, Schema>> =>
  Object.fromEntries(routes.flatMap(groupsOf).map((group) => [nameOf(group), problemResponse(group)]));

/** An example of every problem that `problemResponses` shows. */
export const problemExamples = (routes: readonly Route[]): Readonly<Record<string, Schema>> =>
  Object.fromEntries(routes.flatMap(refusalsOf).map((code) => [code, { value: exampleOf(code) }]));

type Group = Readonly<{ status: number; codes: readonly ErrorCode[] }>;

const groupsOf = (route: Route): readonly Group[] => {
  const refusals = refusalsOf(route);
  const statuses = new Set(refusals.map((code) => errorCodes[code].status));
  return [...statuses].map((status) => ({
    status,
    codes: refusals.filter((code) => errorCodes[code].status === status),
  }));
};

const nameOf = ({ status, codes }: Group) => [status, ...codes].join('-');

const problemResponse = ({ status, codes }: Group, answered: Schema = {}): Schema => ({
  description: codes.map((code) => `\`${code}\`: ${errorCodes[code].title}`).join('; '),
  headers: {
    'X-Request-Id': header('X-Request-Id'),
    traceparent: header('traceparent'),
    ...(status === 401 && { 'WWW-Authenticate': header('WWW-Authenticate') }),
    ...((status === 503 || status === 429) && { 'Retry-After': header('Retry-After') }),
    ...(codes.includes('rate.limited') && {
      'RateLimit-Policy': header('RateLimit-Policy'),
      RateLimit: header('RateLimit'),
    }),
  },
  content: {
    ...answered,
    'application/problem+json': {
      schema: {
        allOf: [
          { $ref: '#/components/schemas/Problem' },
          { type: 'object', properties: { status: { const: status }, code: { enum: codes } } },
        ],
      },
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
});

const header = (name: string) => ({ $ref: `#/components/headers/${name}` });

/** A problem with this code. */
export function exampleOf(code: ErrorCode) {
  return {
    type: `urn:evermart:problem:${code}`,
    ...errorCodes[code],
    detail: errorCodes[code].title,
    code,
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    ...(code === 'request.invalid' && { errors: [{ pointer: '/items/0/quantity', detail: 'must be >= 1' }] }),
  };
}
