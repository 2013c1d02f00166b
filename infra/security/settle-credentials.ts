import type { ServiceBus } from '../service-bus/service-bus.js';
import type { Credentials } from './credentials.js';

export type SettlingParts = Readonly<{
  bus: Pick<ServiceBus, 'ask'>;
  credentials: Pick<Credentials, 'confirm' | 'drop'>;
}>;

/** Confirms the credentials of whoever is registered, and drops those of anybody else: of nobody, or of the erased. */
export const settleCredentials = async ({ bus, credentials }: SettlingParts, userId: string): Promise<void> => {
  const isRegistered = await bus.ask('users', 'isRegistered', { userId });
  await (isRegistered ? credentials.confirm(userId) : credentials.drop(userId));
};
