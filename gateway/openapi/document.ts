import type { Schema } from '../http/validation.js';
import type { Method, Route } from '../http/route.js';
import { componentsOf, publishedName } from './components.js';
import { linksOf } from './links.js';
import { operationOf } from './operation.js';
import { tags } from './tags.js';

export type OpenApiDocument = Readonly<{
  openapi: '3.1.0';
  info: object;
  servers: readonly object[];
  tags: readonly object[];
  paths: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
  components: Readonly<Record<string, Readonly<Record<string, object>>>>;
}>;

/**
 * Describes routes to people and tools (https://spec.openapis.org/oas/v3.1.0).
 *
 * @param dtos the JSON Schemas of all DTO classes, by the names of the classes.
 */
export const openApiDocument = (
  routes: readonly Route[],
  { version, dtos }: Readonly<{ version: string; dtos: Readonly<Record<string, Schema>> }>,
): OpenApiDocument => ({
  openapi: '3.1.0',
  info: {
    title: 'Evermart',
    version,
    description,
    contact: { name: 'Whoever runs this shop' },
  },
  servers: [{ url: '/' }],
  tags: Object.entries(tags).map(([name, { description: told }]) => ({ name, description: told })),
  paths: pathsOf(routes, dtos),
  components: componentsOf(routes, dtos),
});

const description = [
  'Commands change something, and answer with a consistency token. A query that carries tokens sees at least what they stand for.',
  'A command that is sent again with the same idempotency key takes effect once and gets the first answer again.',
  'Whatever is refused is answered with a problem (RFC 9457) whose code does not change.',
].join('\n\n');

const pathsOf = (routes: readonly Route[], dtos: Readonly<Record<string, Schema>>): OpenApiDocument['paths'] => {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) {
    const path = route.pattern.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[verbs[route.method]] = operationOf(route, {
      dtos,
      nameOf: publishedName,
      links: linksOf(route, routes),
    });
  }
  return paths;
};

const verbs = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const satisfies Record<Method, string>;
