import { isDomainError } from '../../domains/shared/errors.js';
import type { RegisterUser } from '../../domains/users/commands.js';
import type { Credentials } from '../../infra/security/credentials.js';
import type { CommandMessage, Receipt, ServiceBus } from '../../infra/service-bus/service-bus.js';

export type RegistrationParts = Readonly<{ bus: ServiceBus; credentials: Credentials }>;

/**
 * Registers a person who can sign in. The credentials are kept first: a person without them could never come in, while
 * credentials without a person let nobody in.
 *
 * @throws DomainError `user.email_taken`, after which nothing is left of it, or what the bus throws.
 */
export const registerUser = async (
  { bus, credentials }: RegistrationParts,
  { user, password, message }: Readonly<{ user: RegisterUser['data']; password: string; message: Message }>,
): Promise<Receipt> => {
  const { userId, emailHash } = user;
  const isNew = await credentials.keep({ userId, emailHash, password });
  try {
    return await bus.send('users', message('RegisterUser', user));
  } catch (error) {
    // What an earlier try kept is not this one's to take away.
    if (isNew && isDomainError(error) && error.code === 'user.email_taken') await credentials.drop(userId);
    throw error;
  }
};

type Message = (type: string, data: unknown) => CommandMessage;
