import { lackOf } from '../../../client/background-work.js';
import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { shownCount } from '../format.js';
import { Link } from '../navigation.js';
import { pathOf } from '../pages.js';
import { Answer } from '../parts/answer.js';
import { Mark } from '../parts/mark.js';
import { Page } from '../parts/page.js';
import { Progress } from '../parts/progress.js';
import { Table } from '../parts/table.js';
import { NewReplay } from './new-replay.js';
import { isRunning, listReplays } from './replay-api.js';
import { differenceInWords } from './replay-words.js';

/** Views as they were. */
export const ReplaysPage = () => {
  const { api } = useConsole();
  const list = useAnswer('replays', () => listReplays(api), {
    everyMs: 'rarer',
    goesOn: ({ items }) => items.some(isRunning),
  });
  return (
    <Page title="Replays" lead="A view as it was at a position or an instant, built beside the one that serves.">
      <NewReplay />
      <Answer of={list} what="the replays">
        {({ items }) =>
          items.length === 0 ? (
            <p class="quiet">There are no replays.</p>
          ) : (
            <Table
              caption="Replays"
              columns={['Replay', 'At', 'State', { name: 'Rows', isNumber: true }, 'Difference']}
            >
              {items.map((replay) => (
                <tr key={replay.id}>
                  <th scope="row">
                    <Link to={pathOf('/console/replays/:id', replay.id)}>{replay.view}</Link>
                  </th>
                  <td>{replay.at}</td>
                  <td>
                    <Mark is={replay.state} />{' '}
                    {isRunning(replay) && <Progress label={`Replay of ${replay.view}`} {...replay.progress} />}
                    {lackOf(replay.parkedKeys)}
                  </td>
                  <td class="number">{replay.rows === null ? '–' : shownCount(replay.rows)}</td>
                  <td>{differenceInWords(replay)}</td>
                </tr>
              ))}
            </Table>
          )
        }
      </Answer>
    </Page>
  );
};
