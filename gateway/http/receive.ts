import type { Request } from 'express';
import { DomainError } from '../../domains/shared/errors.js';
import type { ClientAddress } from '../limits/client-address.js';
import type { Admit, AnswerHeaders } from '../limits/rate-limits.js';
import { idPattern } from './fields.js';
import { hasBody, readBytes, readJsonBody } from './json-body.js';
import type { GatewayRequest, Route } from './route.js';
import type { Validate, Validators } from './validation.js';

/** Makes sense of what came in for one route, or refuses it with DomainError. */
export type Receive = (request: Request, traceparent: string, answer: AnswerHeaders) => Promise<GatewayRequest>;

/** In this order: who is it, is there such an address, what do they say. Nobody's body is read before they are let in. */
export const createReceive = (
  { method, pattern, body, query, isRaw }: Route,
  { admit, addressOf, validators }: Readonly<{ admit: Admit; addressOf: ClientAddress; validators: Validators }>,
): Receive => {
  const validateBody = body && validators.body(body);
  const mayBeAbsent = validateBody !== undefined && takes(validateBody, {});
  const readBody = (request: Request): unknown => {
    if (isRaw) return readBytes(request);
    if (validateBody === undefined) return undefined;
    if (mayBeAbsent && !hasBody(request.headers)) return validateBody({});
    return readJsonBody(request).then(validateBody);
  };
  const validateQuery = query && validators.query(query);
  return async (request, traceparent, answer) => {
    const { headers } = request;
    const address = addressOf(request);
    return {
      caller: await admit(request, address, answer),
      address,
      method,
      pattern,
      params: idsOf(request.params),
      query: validateQuery?.({ ...request.query }),
      body: await readBody(request),
      headers,
      traceparent,
      over: () => overFor(request),
    };
  };
};

const takes = (validate: Validate, value: unknown): boolean => {
  try {
    validate(value);
    return true;
  } catch {
    return false;
  }
};

/** Made only where somebody asks for it. */
const overFor = ({ res: response }: Request): AbortSignal => {
  const over = new AbortController();
  const end = () => over.abort(new DomainError('service.timeout', 'Whoever asked for this has gone; ask again'));
  if (response?.destroyed) end();
  response?.once('close', end);
  return over.signal;
};

/** Every parameter in a path is an id; an address with anything else is not one of ours. */
const idsOf = (params: Request['params']): Readonly<Record<string, string>> => {
  const entries = Object.entries(params).map(([name, value]): [string, string] => {
    if (typeof value !== 'string' || !idPattern.test(value) || isStep(value)) throw nothingHere();
    return [name, value];
  });
  return Object.fromEntries(entries);
};

/** `.` and `..` are steps in an address rather than ids: others on the way may have taken them (RFC 3986, 5.2.4). */
const isStep = (value: string) => value === '.' || value === '..';

/** The refusal of an address that leads nowhere. */
export const nothingHere = () => new DomainError('route.not_found', 'There is nothing at this address');
