import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '../../domains/shared/errors.js';
import type { Role } from '../../domains/users/commands.js';
import type { Caller } from '../../infra/security/access-tokens.js';

/** What stands before the paths of the public API. */
export const basePath = '/api/v1';

/** Who may use a route: anybody, whoever is signed in, or whoever has one of the roles. */
export type Access = 'public' | 'signed_in' | Readonly<{ roles: readonly [Role, ...Role[]] }>;

/** A class whose decorators say what a body or a query string must be. It is read for its schema, never made. */
export type Dto<Shape extends object = object> = new () => Shape;

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A request that was let in and makes sense. */
export type GatewayRequest<Path extends string = string, Body = unknown, Query = unknown> = Readonly<{
  method: Method;
  /** The route's pattern, such as `/api/v1/orders/:id`. */
  pattern: string;
  params: Params<Path>;
  body: Body;
  query: Query;
  /** `anonymous` on a public route. */
  caller: Caller;
  /** Where it comes from, as far as clients are told apart by that. */
  address: string;
  headers: IncomingHttpHeaders;
  /** W3C trace context of the request. */
  traceparent: string;
  /** Aborts once the answer has left, or whoever asked has gone: what is still done for them is in vain. */
  over: () => AbortSignal;
}>;

/** The names after colons in a pattern. */
export type Params<Path extends string> = string extends Path
  ? Readonly<Record<string, string>>
  : { readonly [Name in ParamName<Path>]: string };
type ParamName<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamName<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** What is sent back; a body is sent as JSON, or as it is where it is text or bytes and the headers say of what type. */
export type Answer<Body = unknown> = Readonly<{
  status: number;
  body?: Body | undefined;
  headers?: Readonly<Record<string, string>>;
  /** The body shortened with gzip, where it was made beforehand. */
  gzipped?: Buffer | undefined;
}>;

/** An answer in the form in which it leaves. */
export type Encoded = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | Buffer | undefined;
  gzipped?: Buffer | undefined;
}>;

/** Where a stream is written to. */
export type Sink = Readonly<{
  /** Resolves when more may be written, also where the client has gone away and nothing is written. It never rejects. */
  write: (chunk: string | Uint8Array) => Promise<void>;
  /** How many bytes the client has not taken yet. */
  waiting: () => number;
  /** Breaks off: the client sees that something is missing. */
  drop: () => void;
}>;

/**
 * What is sent bit by bit. The stream is over when its promise is kept; its signal aborts when the client goes away or
 * the server closes.
 */
export type StreamedAnswer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  stream: (sink: Sink, signal: AbortSignal) => Promise<void>;
}>;

/** What an operation answers where all goes well. */
export type Success<Body extends object = object> = Readonly<{
  status: 200 | 201 | 202 | 204;
  /** The shape of the JSON that it answers; nothing is answered without. */
  body?: Dto<Body>;
  /** What it answers where that is not JSON. */
  mediaType?: string;
  /** The headers that only this answer has. */
  headers?: readonly ('Location' | 'ETag')[];
  /** Another status with which it answers the same, beside the problems that have it. */
  orElse?: 503;
}>;

/** What an operation is to those who use it. */
export type Described = Readonly<{
  /** Its name, unlike that of all others: clients call their functions by it. */
  id: string;
  /** What it does, in a line. */
  summary: string;
  answers: Success;
  /** The refusals of its own, beside those that go with its kind, its access and what it takes. */
  refuses?: readonly ErrorCode[];
  /** A token other than those of people which it may ask for, by the name under which it is described. */
  token?: 'metricsToken';
}>;

/**
 * What a route is: a command takes an idempotency key and answers with a consistency token; a query takes the tokens,
 * and answers as fresh as they ask.
 */
export type RouteKind = 'command' | 'query' | 'other';

/** One entry of the public API, as data: the server and the API's description are made from the same table. */
export type Route = Described &
  Readonly<{
    kind: RouteKind;
    method: Method;
    pattern: string;
    access: Access;
    body?: Dto;
    query?: Dto;
    /** The body is handed on as the bytes that came: whoever handles it looks at them first. */
    isRaw?: true;
    handle: Handler<GatewayRequest>;
  }>;

type Handler<Request, Body = unknown> = (request: Request) => Promise<Answer<Body> | StreamedAnswer>;

type Terms<Body extends object, Query extends object, Answered extends object> = Omit<Described, 'answers'> &
  Readonly<{
    access: Access;
    body?: Dto<Body>;
    query?: Dto<Query>;
    answers: Success<Answered>;
  }>;

type MakeRoute = <const Path extends string, Body extends object, Query extends object, Answered extends object>(
  method: Method,
  path: Path,
  terms: Terms<Body, Query, Answered>,
  handle: Handler<GatewayRequest<Path, Body, Query>, Plain<Answered>>,
) => Route;

/** The data of a DTO class, which nobody makes with its constructor. */
export type Plain<Shape> = Shape extends readonly (infer Item)[]
  ? readonly Plain<Item>[]
  : Shape extends object
    ? { readonly [Name in keyof Shape]: Plain<Shape[Name]> }
    : Shape;

const routeOf =
  (kind: RouteKind): MakeRoute =>
  (method, path, terms, handle) => ({
    kind,
    method,
    pattern: `${basePath}${path}`,
    ...terms,
    handle: handle as unknown as Route['handle'],
  });

/** A route of the public API that sends a command: `path` is below `basePath`. */
export const command = routeOf('command');

/** A route of the public API that reads views. */
export const query = routeOf('query');

/** A route of the public API that is neither. */
export const route = routeOf('other');

/** A public route whose body is the bytes that came, of whatever type: who sent them is for `handle` to find out. */
export const rawRoute = <const Path extends string>(
  method: Method,
  path: Path,
  described: Described,
  handle: Handler<GatewayRequest<Path, Buffer>>,
): Route => ({
  ...described,
  kind: 'other',
  method,
  pattern: `${basePath}${path}`,
  access: 'public',
  isRaw: true,
  handle: handle as unknown as Route['handle'],
});

/** A public route for those who run the platform, outside `basePath`. */
export const bareRoute = (
  method: Method,
  pattern: string,
  described: Described,
  handle: (request: Pick<GatewayRequest, 'headers'>) => Promise<Answer>,
): Route => ({ ...described, kind: 'other', method, pattern, access: 'public', handle });

/** Whoever did not have to say who they are. */
export const anonymous: Caller = { userId: '(anonymous)', roles: [] };

export const isStaff = ({ roles }: Caller): boolean => roles.includes('staff');

/** Whether what belongs to `userId` is shown to the caller: staff see everybody's. */
export const maySee = (caller: Caller, userId: string): boolean => isStaff(caller) || caller.userId === userId;
