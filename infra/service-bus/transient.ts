import { errorCodes, type ErrorCode } from '../../domains/shared/errors.js';

/**
 * Whether a refusal speaks of the moment, or of how the platform is set up, and not of the command: clocks and versions
 * of processes differ for a while. The command is sent again.
 */
export const isTransient = ({ code }: Readonly<{ code: ErrorCode }>): boolean =>
  errorCodes[code].status >= 500 || code === 'command.conflict' || /^(auth|route)\.|^command\.unknown$/.test(code);
