import type { Claim } from '../../domains/shared/claim.js';
import { isDomainError, type ErrorCode } from '../../domains/shared/errors.js';
import { sentAgain, type CommandMessage, type Receipt, type ServiceBus } from '../../infra/service-bus/service-bus.js';
import { furtherCommand } from './further-commands.js';

/** `graceSeconds`: how long whoever claims a name has to take it into use before others may. */
export type ClaimingParts = Readonly<{ bus: ServiceBus; graceSeconds: number }>;

/** A name that a command claims: how its context calls the refusal, the settling of claims, and the name itself. */
export type ClaimedName = Readonly<{
  context: string;
  taken: ErrorCode;
  settle: string;
  name: Readonly<Record<string, string>>;
}>;

/** An address, by its HMAC. */
export const emailName = (emailHash: string): ClaimedName => ({
  context: 'users',
  taken: 'user.email_taken',
  settle: 'SettleEmailClaim',
  name: { emailHash },
});

export const skuName = (sku: string): ClaimedName => ({
  context: 'catalog',
  taken: 'product.sku_taken',
  settle: 'SettleSkuClaim',
  name: { sku },
});

/**
 * Sends a command that claims a name. Where the name is taken by a claim that came to nothing, the claim is given up and
 * the command sent once more.
 *
 * @throws DomainError what the bus throws; the refusal of the name while it is in use, or may soon be.
 */
export const sendClaiming = async (
  { bus, graceSeconds }: ClaimingParts,
  { context, taken, settle, name }: ClaimedName,
  message: CommandMessage,
): Promise<Receipt> => {
  try {
    return await bus.send(context, message);
  } catch (error) {
    if (!isDomainError(error) || error.code !== taken) throw error;
    const claim = (await bus.ask(context, 'claimOn', name)) as Claim | null;
    if (claim) {
      if (Date.parse(message.at) - Date.parse(claim.claimedAt) < graceSeconds * 1_000) throw error;
      await bus.send(context, furtherCommand(message, settle, { ...name, claimId: claim.claimId }));
    }
    return bus.send(context, sentAgain(message));
  }
};
