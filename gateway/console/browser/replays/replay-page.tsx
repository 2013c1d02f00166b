import { lackOf } from '../../../client/background-work.js';
import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { shownCount } from '../format.js';
import { go, useAddress } from '../navigation.js';
import { Action } from '../parts/action.js';
import { Answer } from '../parts/answer.js';
import { Facts } from '../parts/facts.js';
import { Json } from '../parts/json.js';
import { Mark } from '../parts/mark.js';
import { Page } from '../parts/page.js';
import { Paging } from '../parts/paging.js';
import { Progress } from '../parts/progress.js';
import { Table } from '../parts/table.js';
import { dropReplay, getReplay, isRunning, replayRows, type Replay } from './replay-api.js';
import { differenceInWords, positionInWords, unknownOf } from './replay-words.js';

/** A replay: its progress, what came of it and its rows. */
export const ReplayPage = ({ named: id }: Readonly<{ named: string }>) => {
  const { api } = useConsole();
  const replay = useAnswer(id, () => getReplay(api, id), { everyMs: 'rarer', goesOn: isRunning });
  const drop = async () => {
    await dropReplay(api, id);
    go('/console/replays');
  };
  return (
    <Page title="Replay" lead={<code>{id}</code>}>
      <Answer of={replay} what="the replay">
        {(answer) => (
          <>
            <ReplayFacts replay={answer} />
            <Action label="Drop" of="this replay" confirm="Drop it with its rows?" act={drop} done="It is dropped." />
            {answer.state === 'done' && <Rows id={id} />}
          </>
        )}
      </Answer>
    </Page>
  );
};

const ReplayFacts = ({ replay }: Readonly<{ replay: Replay }>) => {
  const { view, at, state, progress, rows, checksum, parkedKeys, difference } = replay;
  const lack = lackOf(parkedKeys);
  return (
    <>
      <p role="status">
        <Mark is={state} /> {isRunning(replay) && <Progress label="Progress of the replay" {...progress} />}
      </p>
      {lack !== null && (
        <p class="notice warn" role="status">
          {lack}: it is not all that the view was.
        </p>
      )}
      <Facts
        facts={[
          ['View', view],
          ['At', at],
          ['Position', positionInWords(replay)],
          ['Rows', rows === null ? unknownOf(replay) : shownCount(rows)],
          ['Checksum', checksum === null ? unknownOf(replay) : <code>{checksum}</code>],
          ['Difference from the view that serves', differenceInWords(replay)],
        ]}
      />
      {difference !== null && difference.keys.length > 0 && (
        <details>
          <summary>Keys that differ</summary>
          <ul>
            {difference.keys.map((key) => (
              <li key={key}>
                <code>{key}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
};

const Rows = ({ id }: Readonly<{ id: string }>) => {
  const { api } = useConsole();
  const cursor = useAddress().searchParams.get('cursor') ?? undefined;
  const rows = useAnswer(cursor ?? '', () => replayRows(api, id, { cursor }));
  return (
    <section aria-labelledby="rows">
      <h2 id="rows">Rows</h2>
      <Answer of={rows} what="the rows">
        {({ items, nextCursor }) => (
          <>
            <Table caption="Rows of the replay" columns={['Key', { name: 'Position', isNumber: true }, 'Row']}>
              {items.map(({ key, row, position }) => (
                <tr key={key}>
                  <th scope="row">
                    <code>{key}</code>
                  </th>
                  <td class="number">{position}</td>
                  <td>
                    <details>
                      <summary>Show</summary>
                      <Json of={row} />
                    </details>
                  </td>
                </tr>
              ))}
            </Table>
            <Paging nextCursor={nextCursor} />
          </>
        )}
      </Answer>
    </section>
  );
};
