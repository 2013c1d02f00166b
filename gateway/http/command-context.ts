import { randomUUID as randomId } from 'node:crypto';
import { nameBasedId } from '../../infra/ids/name-based-id.js';
import { DomainError } from '../../domains/shared/errors.js';
import { formatToken } from '../../infra/consistency/consistency-token.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { CommandMessage, Receipt } from '../../infra/service-bus/service-bus.js';
import type { Answer, GatewayRequest } from './route.js';

/** What a request lends to its command. */
export type CommandContext = Readonly<{
  /** The id of what the command brings into being: the same whenever the command is repeated. */
  newId: string;
  message: (type: string, data: unknown) => CommandMessage;
}>;

/** The namespace of ids that idempotency keys give (RFC 9562, 5.5). */
const namespace = '6f1c2f0e-4f0b-4b0a-9a51-6f3f0e8f7a11';

/**
 * Begins a command. With an `Idempotency-Key` its id, and that of what it makes, follow from who sends what to where.
 *
 * @param keyHolder whose key it is, where that is somebody else than the caller: nobody has signed in to register.
 * @throws DomainError `idempotency.invalid_key`; `service.unavailable` when the body cannot be hashed now.
 */
export const commandContext = async (
  request: GatewayRequest,
  lookups: Pick<Lookups, 'requestHash'>,
  keyHolder: string = request.caller.userId,
): Promise<CommandContext> => {
  const key = idempotencyKey(request);
  const commandId = key === undefined ? randomId() : nameBasedId(keyedName(request, keyHolder, key), namespace);
  const facts = {
    at: new Date().toISOString(),
    commandId,
    correlationId: commandId,
    actor: request.caller.userId,
    traceparent: request.traceparent,
    ...(key === undefined ? { isNew: true as const } : { requestHash: await lookups.requestHash(request.body) }),
  };
  // Without a key nobody repeats it.
  const newId = key === undefined ? randomId() : nameBasedId('id', commandId);
  return { newId, message: (type, data) => ({ type, data, ...facts }) };
};

/** An answer that says what was written: whoever sends the token back sees at least that. */
export const commandAnswer = <Body>(
  { touched }: Pick<Receipt, 'touched'>,
  { status, body, headers }: Answer<Body>,
): Answer<Body> => ({
  status,
  body,
  headers: { 'X-Consistency-Token': formatToken(touched), ...headers },
});

const idempotencyKey = ({ headers }: GatewayRequest): string | undefined => {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || key.length === 0 || key.length > 255)
    throw new DomainError('idempotency.invalid_key', 'An Idempotency-Key has 1 to 255 characters');
  return key;
};

/** Made of the parameters rather than of the URL, which can be written in several ways. */
const keyedName = ({ method, pattern, params }: GatewayRequest, keyHolder: string, key: string): string =>
  JSON.stringify([keyHolder, method, pattern, Object.entries(params).sort(), key]);
