import { useEffect, useRef, useState } from 'preact/hooks';
import { pauseMsAfter } from '../../client/background-work.js';

/** What was asked of the platform: the latest answer stays while it is asked again. */
export type Asking<Answer> = Readonly<{
  answer: Answer | undefined;
  /** Why there is no newer answer. */
  problem: unknown;
  isAsking: boolean;
  again: () => void;
}>;

type Known<Answer> = Readonly<{ subject: string; answer?: Answer | undefined; problem?: unknown; isAsking: boolean }>;

type Repeats<Answer> = Readonly<{
  /**
   * Milliseconds between an answer and the next question, while the page can be seen; never without. Ever more of them
   * (`rarer`) where the platform records each question.
   */
  everyMs?: number | 'rarer';
  /** Whether it is asked again and again after this answer; always, where nothing is said. */
  goesOn?: (answer: Answer) => boolean;
  /** It is asked again when this changes, as after a message that something is new. */
  changes?: number | undefined;
}>;

/** Asks when a part appears, and anew when its subject changes, whose answers are not mixed. */
export const useAnswer = <Answer>(
  subject: string,
  ask: () => Promise<Answer>,
  { everyMs, goesOn = always, changes = 0 }: Repeats<Answer> = {},
): Asking<Answer> => {
  const [known, setKnown] = useState<Known<Answer>>({ subject, isAsking: true });
  const [asked, setAsked] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;

  useEffect(() => {
    let isOver = false;
    const tell = (news: Omit<Known<Answer>, 'subject' | 'isAsking'>) => {
      if (!isOver) setKnown({ subject, isAsking: false, ...news });
    };
    setKnown((before) => (before.subject === subject ? { ...before, isAsking: true } : { subject, isAsking: true }));
    latest.current().then(
      (answer) => tell({ answer }),
      (problem: unknown) => {
        if (!isOver) setKnown((before) => ({ ...before, isAsking: false, problem }));
      },
    );
    return () => {
      isOver = true;
    };
  }, [subject, asked, changes]);

  const { isAsking } = known;
  const isOver = known.answer !== undefined && !goesOn(known.answer);
  useEffect(() => {
    if (everyMs === undefined || isAsking || isOver) return undefined;
    const pauseMs = everyMs === 'rarer' ? pauseMsAfter(asked) : everyMs;
    const timer = setTimeout(() => whenSeen(() => setAsked((count) => count + 1)), pauseMs);
    return () => clearTimeout(timer);
  }, [everyMs, isAsking, isOver]);

  const isOfSubject = known.subject === subject;
  return {
    answer: isOfSubject ? known.answer : undefined,
    problem: isOfSubject ? known.problem : undefined,
    isAsking: known.isAsking || !isOfSubject,
    again: () => setAsked((count) => count + 1),
  };
};

const always = () => true;

/** At once while the page can be seen, else when it is seen again. */
const whenSeen = (act: () => void) => {
  if (document.visibilityState === 'visible') act();
  else document.addEventListener('visibilitychange', act, { once: true });
};
