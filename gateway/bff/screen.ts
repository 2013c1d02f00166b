import { DomainError, isDomainError } from '../../domains/shared/errors.js';
import { within } from '../../infra/process/within.js';
import { problemAnswer } from '../http/problem.js';

/** Why a part of a screen is missing. */
export type Note = Readonly<{ part: string; code: string; detail: string }>;

/** The parts of a screen, each as what reads it. */
export type Parts = Readonly<Record<string, () => Promise<unknown>>>;

/** A screen: a part that could not be read is `null`, and a note says why. */
export type Screen<Of extends Parts> = {
  readonly [Name in keyof Of]: Awaited<ReturnType<Of[Name]>> | null;
} & Readonly<{
  notes: readonly Note[];
}>;

/** A screen is shown without a part that takes longer. */
const longestMs = 2_500;

/**
 * Reads all parts of a screen at once.
 *
 * @throws DomainError where a part is refused rather than missing, such as an order that is not there.
 */
export const screenOf = async <Of extends Parts>(parts: Of, traceId: string): Promise<Screen<Of>> => {
  const notes: Note[] = [];
  const read = async ([part, work]: readonly [string, () => Promise<unknown>]) => {
    try {
      const found = await within(longestMs, work(), tooLate);
      if (found === tooLate) throw new DomainError('service.timeout', 'This part took too long; ask for it again');
      return [part, found] as const;
    } catch (error) {
      const { status, body } = problemAnswer(error, traceId);
      if (isDomainError(error) && status < 500) throw error;
      notes.push({ part, code: body.code, detail: body.detail });
      return [part, null] as const;
    }
  };
  const found = await Promise.all(Object.entries(parts).map(read));
  return { ...Object.fromEntries(found), notes } as Screen<Of>;
};

const tooLate = Symbol('too late');
