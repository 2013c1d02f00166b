import type { TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import { useConsole } from '../console.js';
import { go } from '../navigation.js';
import { pathOf } from '../pages.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { startReplay } from './replay-api.js';

/** Starts a replay and goes to its page. */
export const NewReplay = () => {
  const { api, settings } = useConsole();
  const [problem, setProblem] = useState<unknown>();
  const [isStarting, setIsStarting] = useState(false);
  const start = async (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setIsStarting(true);
    setProblem(undefined);
    try {
      const asked = { view: fields.get('view') as string, at: (fields.get('at') as string).trim() };
      const { id } = await startReplay(api, asked);
      go(pathOf('/console/replays/:id', id));
    } catch (error) {
      setProblem(error);
      setIsStarting(false);
    }
  };
  return (
    <form class="bar" onSubmit={(event) => void start(event)}>
      <label>
        View
        <select name="view" required>
          {settings.views.map((view) => (
            <option key={view}>{view}</option>
          ))}
        </select>
      </label>
      <label>
        At
        <input name="at" required spellcheck={false} autocomplete="off" aria-describedby="at-means" size={26} />
      </label>
      <button type="submit" class="primary" disabled={isStarting}>
        Start a replay
      </button>
      <span class="quiet" id="at-means">
        A position such as 4711, or an instant such as 2026-01-31T09:30:00Z
      </span>
      <ProblemNotice problem={problem} />
    </form>
  );
};
