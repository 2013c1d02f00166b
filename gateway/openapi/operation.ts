import { basePath, type Dto, type Route } from '../http/route.js';
import { lines } from '../http/success.js';
import type { Schema } from '../http/validation.js';
import { routeClassOf } from '../limits/route-class.js';
import { problemResponses } from './problem-responses.js';
import { tagOf } from './tags.js';

type Dtos = Readonly<Record<string, Schema>>;

/** What an operation refers to: the schemas of all DTO classes, their published names, and where its answer leads to. */
type Referred = Readonly<{ dtos: Dtos; nameOf: (dto: string) => string; links: Schema }>;

/** One route, as an Operation Object. */
export const operationOf = (route: Route, { dtos, nameOf, links }: Referred): Schema => {
  const { id, summary, pattern, answers, body, isRaw } = route;
  const refOf = ({ name }: Dto) => ({ $ref: `#/components/schemas/${nameOf(name)}` });
  const parameters = [...pathParameters(pattern), ...queryParameters(route, dtos), ...headerParameters(route)];
  return {
    operationId: id,
    summary,
    description: describe(route),
    tags: [tagOf(pattern.startsWith(basePath) ? pattern.slice(basePath.length) : pattern)],
    ...securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: needsBody(dtos[body.name]), content: { [json]: { schema: refOf(body) } } },
    }),
    ...(isRaw && { requestBody: { required: true, content: { [json]: { schema: { type: 'object' } } } } }),
    responses: {
      [answers.status]: {
        description: statusTexts[answers.status],
        headers: headersOf(route),
        ...(answers.body && { content: { [answers.mediaType ?? json]: { schema: refOf(answers.body) } } }),
        ...(!answers.body &&
          answers.mediaType && { content: { [answers.mediaType]: { schema: textOf(answers.mediaType) } } }),
        ...(Object.keys(links).length > 0 && { links }),
      },
      ...(answers.headers?.includes('ETag') && {
        304: { description: 'Nothing has changed', headers: headersOf(route) },
      }),
      ...problemResponses(route, answers.body && { [json]: { schema: refOf(answers.body) } }),
    },
  };
};

const json = 'application/json';
const serverSentEvents = 'text/event-stream';

/** What the streams of each media type are made of. */
const pieces: Readonly<Record<string, string>> = {
  [serverSentEvents]: 'Messages with an id and data, which is JSON',
  [lines.mediaType]: 'Lines, each of them JSON',
};

/** Some tools take the schema of a stream for that of each message, others for that of all the text: it fits both. */
const textOf = (mediaType: string): Schema =>
  mediaType in pieces ? { description: pieces[mediaType] } : { type: 'string' };

const statusTexts = {
  200: 'As asked',
  201: 'It was made',
  202: 'It is stored, and will be done',
  204: 'It is done',
} as const;

/** RFC 9457 wants problems to be told apart by their codes: who may do it is told by security. */
const describe = ({ access, kind }: Route): string => {
  const who =
    access === 'public'
      ? 'For anybody.'
      : access === 'signed_in'
        ? 'For whoever is signed in.'
        : `For ${access.roles.join(' and ')}.`;
  return kind === 'command' ? `${who} With an idempotency key it takes effect once, however often it is sent.` : who;
};

/** With a token of its own a route can be asked without as well, where the platform is run without. */
const securityOf = ({ access, token }: Route): Schema =>
  access === 'public'
    ? { security: token === undefined ? [] : [{}, { [token]: [] }] }
    : { security: [{ accessToken: [] }], ...(access !== 'signed_in' && { 'x-roles': access.roles }) };

const needsBody = (schema: Schema | undefined): boolean => Array.isArray(schema?.['required']);

const pathParameters = (pattern: string) =>
  [...pattern.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { $ref: '#/components/schemas/Id' },
  }));

const queryParameters = ({ query }: Route, dtos: Dtos) => {
  if (!query) return [];
  const { properties = {}, required = [] } = dtos[query.name] as {
    properties?: Readonly<Record<string, Schema>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
};

const headerParameters = ({ kind, answers }: Route) => [
  ...(kind === 'command' ? [parameter('IdempotencyKey')] : []),
  ...(kind === 'query' ? [parameter('ConsistencyToken'), parameter('Prefer')] : []),
  ...(answers.headers?.includes('ETag') ? [parameter('IfNoneMatch')] : []),
  ...(answers.mediaType === serverSentEvents ? [parameter('LastEventId')] : []),
];

const headersOf = (route: Route) => {
  const { kind, access, answers } = route;
  return Object.fromEntries([
    ...always.map((name) => [name, header(name)] as const),
    ...(routeClassOf(route) === null ? [] : limited.map((name) => [name, header(name)] as const)),
    ...(kind === 'command' ? [['X-Consistency-Token', header('X-Consistency-Token')] as const] : []),
    ...(kind === 'query' && access === 'public' ? caching : []).map((name) => [name, header(name)] as const),
    ...(answers.headers ?? []).map((name) => [name, header(name)] as const),
  ]);
};

const always = ['X-Request-Id', 'traceparent'];
const caching = ['Cache-Control', 'Age'];
const limited = ['RateLimit-Policy', 'RateLimit'];
const parameter = (name: string) => ({ $ref: `#/components/parameters/${name}` });
const header = (name: string) => ({ $ref: `#/components/headers/${name}` });
