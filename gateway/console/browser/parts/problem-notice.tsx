import { ApiProblem } from '../../../client/problem.js';
import { shownProblem } from './shown-problem.js';

/** What went wrong, as the platform tells it; nothing where nothing did. */
export const ProblemNotice = ({ problem }: Readonly<{ problem: unknown }>) => {
  if (problem === undefined || problem === null) return null;
  const { title, sentence, code, traceId } = shownProblem(problem);
  const errors = problem instanceof ApiProblem ? problem.errors : [];
  return (
    <div class="notice problem" role="alert">
      <p>
        <strong>{title}</strong> {sentence}
      </p>
      {errors.length > 0 && (
        <ul>
          {errors.map(({ pointer, detail }) => (
            <li key={pointer}>
              <code>{pointer}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      {code !== null && (
        <p class="quiet">
          Code <code>{code}</code>
          {traceId !== null && (
            <>
              {' · trace '}
              <code>{traceId}</code>
            </>
          )}
        </p>
      )}
    </div>
  );
};
