import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { fixedPaths } from './fixed-paths.js';

const route = (method: 'GET' | 'POST', pattern: string) => ({ method, pattern });

/** Who answers a request: a route, by its pattern, or whoever comes after the table. */
const answeredBy = (method: string, url: string): string => {
  let by = '';
  const says = (pattern: string): RequestHandler => {
    return ({ params }) => {
      by = `${pattern} ${JSON.stringify(params)}`;
    };
  };
  const table = fixedPaths(
    new Map([
      [route('GET', '/orders'), says('/orders')],
      [route('GET', '/orders/:id'), says('/orders/:id')],
      [route('GET', '/orders'), says('another')],
    ]),
  );
  const next: NextFunction = () => {
    by = 'next';
  };
  const asked: unknown = { method, url };
  const answer: unknown = {};
  void table(asked as Request, answer as Response, next);
  return by;
};

it('finds a route by its address', () => {
  expect(answeredBy('GET', '/orders')).toBe('/orders {}');
});

it.each([
  ['another method', 'POST', '/orders'],
  ['a query', 'GET', '/orders?limit=2'],
  ['a parameter', 'GET', '/orders/o1'],
  ['the pattern itself', 'GET', '/orders/:id'],
  ['another spelling', 'GET', '/Orders/'],
])('leaves %s to the patterns', (_case, method, url) => {
  expect(answeredBy(method, url)).toBe('next');
});
