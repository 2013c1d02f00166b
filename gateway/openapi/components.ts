import { errorCodes } from '../../domains/shared/errors.js';
import { idPattern } from '../http/fields.js';
import type { Route } from '../http/route.js';
import type { Schema } from '../http/validation.js';
import { headers } from './headers.js';
import { exampleOf, problemExamples, sharedProblemResponses } from './problem-responses.js';

type Dtos = Readonly<Record<string, Schema>>;

/** The name under which a DTO class is published: what it is to the API rather than to us. */
export const publishedName = (dto: string): string => dto.replace(/(Dto|Answer)$/, '');

/** What operations share; of the DTOs, those that they name. */
export const componentsOf = (
  routes: readonly Route[],
  dtos: Dtos,
): Readonly<Record<string, Record<string, object>>> => ({
  schemas: { ...sharedSchemas, ...publishedSchemas(routes, dtos) },
  securitySchemes: {
    accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From POST /auth/token' },
    metricsToken: { type: 'http', scheme: 'bearer', description: 'METRICS_TOKEN, where it is set' },
  },
  responses: sharedProblemResponses(routes),
  examples: problemExamples(routes),
  ...headers,
});

const sharedSchemas = {
  Id: { type: 'string', pattern: idPattern.source, description: 'An id' },
  Problem: {
    type: 'object',
    description: 'Why something was refused (RFC 9457)',
    required: ['type', 'title', 'status', 'detail', 'code', 'traceId'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'What to do about it' },
      code: {
        type: 'string',
        enum: Object.keys(errorCodes),
        description: 'Stable: programs tell problems apart by it',
      },
      traceId: { type: 'string', pattern: '^[0-9a-f]{32}$' },
      errors: {
        type: 'array',
        description: 'Every wrong field',
        items: {
          type: 'object',
          required: ['pointer', 'detail'],
          properties: {
            pointer: { type: 'string', description: 'RFC 6901' },
            detail: { type: 'string' },
          },
        },
      },
    },
    examples: [exampleOf('request.invalid')],
  },
};

/**
 * Bodies stay closed: what they do not name is refused. Answers are open: a field may be added to them, which breaks no
 * client.
 */
const publishedSchemas = (routes: readonly Route[], dtos: Dtos): Record<string, Schema> => {
  const bodies = reached(
    routes.flatMap(({ body }) => (body ? [body.name] : [])),
    dtos,
  );
  const answers = reached(
    routes.flatMap(({ answers: { body } }) => (body ? [body.name] : [])),
    dtos,
  );
  const published: Record<string, Schema> = {};
  for (const name of new Set([...bodies, ...answers])) {
    const as = publishedName(name);
    if (Object.hasOwn(published, as) || Object.hasOwn(sharedSchemas, as))
      throw new Error(`Two schemas are called ${as}`);
    const { additionalProperties, ...open } = dtos[name] ?? {};
    published[as] = withPublishedRefs(bodies.has(name) ? { ...open, additionalProperties } : open);
  }
  return published;
};

/** The names, and all that their schemas name. */
const reached = (names: readonly string[], dtos: Dtos): ReadonlySet<string> => {
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    for (const [, next] of JSON.stringify(dtos[name] ?? {}).matchAll(refPattern)) visit(String(next));
  };
  names.forEach(visit);
  return found;
};

const refPattern = /"#\/definitions\/(\w+)"/g;

const withPublishedRefs = (schema: Schema): Schema =>
  JSON.parse(
    JSON.stringify(schema).replaceAll(refPattern, (_, name: string) => `"#/components/schemas/${publishedName(name)}"`),
  ) as Schema;
