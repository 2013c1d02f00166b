import type { ComponentChildren } from 'preact';
import type { Asking } from '../asking.js';
import { ProblemNotice } from './problem-notice.js';

type AnswerProps<Answered> = Readonly<{
  of: Asking<Answered>;
  /** What is waited for: `the order`. */
  what: string;
  children: (answer: Answered) => ComponentChildren;
}>;

/** What was answered, or that it is on its way, or why there is nothing. */
export const Answer = <Answered,>({ of, what, children }: AnswerProps<Answered>) => (
  <>
    {of.problem !== undefined && (
      <>
        <ProblemNotice problem={of.problem} />
        <button type="button" onClick={of.again}>
          Try again
        </button>
      </>
    )}
    {of.answer === undefined
      ? of.isAsking && (
          <p class="quiet" role="status">
            Getting {what} …
          </p>
        )
      : children(of.answer)}
  </>
);
