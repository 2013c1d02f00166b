import type { Claim } from '../../domains/shared/claim.js';
import { isDomainError, type DomainError, type ErrorCode } from '../../domains/shared/errors.js';
import { sentAgain, type CommandMessage, type Receipt, type ServiceBus } from '../../infra/service-bus/service-bus.js';
import { isTransient } from '../../infra/service-bus/transient.js';
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
 * the command sent once more. Where the command is refused for good, the claim that it made is given up as well: the
 * next change may be to the same name.
 *
 * @throws DomainError what the bus throws; the refusal of the name while it is in use, or may soon be.
 */
export const sendClaiming = async (
  parts: ClaimingParts,
  claimed: ClaimedName,
  message: CommandMessage,
): Promise<Receipt> => {
  try {
    return await sendOrTakeOver(parts, claimed, message);
  } catch (error) {
    if (isFinal(error, message) && error.code !== claimed.taken) await giveUp(parts, claimed, message);
    throw error;
  }
};

/** With a key of the caller's it may be sent again, and then goes on with its claim. */
const isFinal = (error: unknown, { isNew }: CommandMessage): error is DomainError =>
  isNew === true && isDomainError(error) && (error.code === 'command.conflict' || !isTransient(error));

/** A claim to a name that came into use stands; one that cannot be given up now is settled by the policies. */
const giveUp = async ({ bus }: ClaimingParts, { context, settle, name }: ClaimedName, message: CommandMessage) => {
  const claim = { ...name, claimId: message.commandId };
  await bus.send(context, furtherCommand(message, settle, claim)).catch(() => undefined);
};

const sendOrTakeOver = async (
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
