import { DomainError } from '../../../domains/shared/errors.js';
import { DamagedLog, isDamage } from '../../event-store/damaged-log.js';
import type { StoredEvent } from '../../event-store/stored-event.js';

/** The store and the log do not say the same: nothing of it is proved. */
export const tampered = ({ position, streamId, revision }: Pick<StoredEvent, 'position' | 'streamId' | 'revision'>) =>
  new DomainError(
    'audit.tampered',
    `The record differs from the audit log at position ${position.commit}, stream ${streamId}, revision ${revision}; ` +
      'start a verification to learn where it begins',
  );

/** The log has the event, but is itself not what was signed. */
export const unproven = ({ position }: Pick<StoredEvent, 'position'>) =>
  new DomainError(
    'audit.tampered',
    `The audit log is not what was signed: it does not prove the event at position ${position.commit}; ` +
      'start a verification to learn where it begins',
  );

/** Events that the log has are not in the store any more. */
export const missing = (where: string) =>
  new DomainError(
    'audit.tampered',
    `The audit log has events ${where} that the store does not have; start a verification to learn where it begins`,
  );

/** What a read of the store fails with, where that is damage the refusal of what was to be proved or read. */
export const orDamaged = (error: unknown): unknown =>
  error instanceof DamagedLog || isDamage((error as Error).cause) ? damaged() : error;

const damaged = () =>
  new DomainError(
    'audit.tampered',
    'The event store has an event that does not read as it was written; start a verification to learn which',
  );
