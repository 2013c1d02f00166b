import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiDocument, type OpenApiDocument } from '../../openapi/document.js';
import type { Route } from '../route.js';
import { dtoSchemas } from '../validation.js';

/** An answer as it came, to a request for `path`. */
export type Seen = Readonly<{ method: string; path: string; status: number; type: string | null; body: unknown }>;

type Response = Readonly<{ $ref?: string; content?: Readonly<Record<string, object>> }>;

const checks = new Map<string, ReturnType<typeof conformanceTo>>();

/** From now on the answers of the server at `url` are held against the description of its routes. */
export const describeAt = (url: string, routes: readonly Route[]): void => {
  checks.set(new URL(url).origin, conformanceTo(openApiDocument(routes, { version: '0.0.0', dtos: dtoSchemas() })));
};

/** What is wrong with an answer of a server that was described; nothing where it was not. */
export const wrongWith = (origin: string, seen: Seen): readonly string[] => checks.get(origin)?.(seen) ?? [];

/** Finds what is wrong with answers by the description of the API; an answer has nothing that is not described. */
const conformanceTo = (document: OpenApiDocument): ((seen: Seen) => readonly string[]) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: 'api', ...closed(document) });
  const validators = new Map<string, ValidateFunction>();

  return ({ method, path, status, type, body }) => {
    const pattern = Object.keys(document.paths).find((each) => matcherOf(each).test(path));
    const operation = pattern === undefined ? undefined : document.paths[pattern]?.[method.toLowerCase()];
    if (!operation) return [];
    const name = `${method} ${String(pattern)} ${status}`;
    const described = (operation['responses'] as Readonly<Record<string, Response>>)[status];
    if (!described) return [`${name} is not described`];
    const { response, at } = resolved(document, described, [
      ...['paths', String(pattern), method.toLowerCase(), 'responses', String(status)],
    ]);
    const mediaType = type?.split(';')[0] ?? '';
    if (!response.content) return type === null ? [] : [`${name} has a body`];
    if (!(mediaType in response.content)) return [`${name} is ${mediaType}`];
    const pointer = ['', ...at, 'content', mediaType, 'schema'];
    const ref = `api#${pointer.map((part) => encodeURIComponent(escaped(part))).join('/')}`;
    const validate = validators.get(ref) ?? ajv.compile({ $ref: ref });
    validators.set(ref, validate);
    return validate(body) ? [] : [`${name}: ${ajv.errorsText(validate.errors)}`];
  };
};

/** A response and where it stands, also where it is one that operations share. */
const resolved = (document: OpenApiDocument, response: Response, at: readonly string[]) => {
  if (response.$ref === undefined) return { response, at };
  const [, , , name = ''] = response.$ref.split('/');
  return {
    response: document.components['responses']?.[name] as Response,
    at: ['components', 'responses', name],
  };
};

const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

const matcherOf = (pattern: string) =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

/** Clients must not mind what they do not know, but a test must. */
const closed = (document: OpenApiDocument): OpenApiDocument => ({
  ...document,
  components: {
    ...document.components,
    schemas: Object.fromEntries(
      Object.entries(document.components['schemas'] ?? {}).map(([name, schema]) => [
        name,
        'properties' in schema ? { ...schema, additionalProperties: false } : schema,
      ]),
    ),
  },
});
