import { useEffect, useRef, useState } from 'preact/hooks';
import { ProblemNotice } from './problem-notice.js';

type ActionProps = Readonly<{
  label: string;
  /** What it is done to, for whoever hears the button without seeing where it stands. */
  of?: string;
  act: () => Promise<unknown>;
  /** Said once it is done. */
  done: string;
  /** What is asked before, where it cannot be taken back. */
  confirm?: string;
}>;

/** A button for something that the platform is asked to do. */
export const Action = ({ label, of, act, done, confirm }: ActionProps) => {
  const [state, setState] = useState<'idle' | 'confirming' | 'acting' | 'done'>('idle');
  const [problem, setProblem] = useState<unknown>();
  const asked = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (state === 'confirming') asked.current?.focus();
  }, [state]);

  const run = async () => {
    setState('acting');
    setProblem(undefined);
    try {
      await act();
      setState('done');
    } catch (error) {
      setProblem(error);
      setState('idle');
    }
  };
  const start = () => {
    if (confirm === undefined) void run();
    else setState('confirming');
  };
  const name = of === undefined ? label : `${label}: ${of}`;
  return (
    <span class="action">
      {state === 'confirming' ? (
        <span class="confirming" role="group" aria-label={name}>
          <span>{confirm}</span>
          <button type="button" class="danger" ref={asked} onClick={() => void run()}>
            Yes, {label.toLowerCase()}
          </button>
          <button type="button" onClick={() => setState('idle')}>
            No
          </button>
        </span>
      ) : (
        <button type="button" aria-label={name} disabled={state === 'acting'} onClick={start}>
          {label}
        </button>
      )}
      <span class="quiet" role="status">
        {state === 'acting' && 'Asking …'}
        {state === 'done' && done}
      </span>
      <ProblemNotice problem={problem} />
    </span>
  );
};
