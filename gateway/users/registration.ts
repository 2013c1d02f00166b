import { isDomainError } from '../../domains/shared/errors.js';
import type { RegisterUser } from '../../domains/users/commands.js';
import type { Credentials } from '../../infra/security/credentials.js';
import { settleCredentials } from '../../infra/security/settle-credentials.js';
import type { CommandMessage, Receipt } from '../../infra/service-bus/service-bus.js';
import { emailName, sendClaiming, type ClaimingParts } from '../http/claimed-names.js';

export type RegistrationParts = ClaimingParts &
  Readonly<{ credentials: Pick<Credentials, 'keep' | 'confirm' | 'drop'> }>;

/**
 * Registers a person who can sign in. The credentials are kept first: a person without them could never come in, while
 * credentials without a person let nobody in. Of a person who was erased since, a repeat leaves none.
 *
 * @throws DomainError `user.email_taken` or `user.registration_abandoned`, after which nothing is left of it, or what
 * the bus throws.
 */
export const registerUser = async (
  { credentials, ...parts }: RegistrationParts,
  { user, password, message }: Readonly<{ user: RegisterUser['data']; password: string; message: Message }>,
): Promise<Receipt> => {
  const { userId, emailHash } = user;
  const isNew = await credentials.keep({ userId, emailHash, password });
  try {
    const receipt = await sendClaiming(parts, emailName(emailHash), message('RegisterUser', user));
    // A repeat gets the first answer whatever has become of the person, and may have kept what the erasure dropped.
    await settleCredentials({ bus: parts.bus, credentials }, userId);
    return receipt;
  } catch (error) {
    if (isOver(error, isNew)) await credentials.drop(userId);
    throw error;
  }
};

/** Where the address is taken, what an earlier try kept is not this one's to take away. */
const isOver = (error: unknown, isNew: boolean): boolean =>
  isDomainError(error) &&
  (error.code === 'user.registration_abandoned' || (error.code === 'user.email_taken' && isNew));

type Message = (type: string, data: unknown) => CommandMessage;
