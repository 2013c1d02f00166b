import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { useAddress } from '../navigation.js';
import { Action } from '../parts/action.js';
import { Answer } from '../parts/answer.js';
import { Instant } from '../parts/instant.js';
import { Page } from '../parts/page.js';
import { Paging } from '../parts/paging.js';
import { Table } from '../parts/table.js';
import { discardParked, listParked, retryParked, type ParkedEvent } from './projection-api.js';

/** The events that a view could not take. */
export const ParkedPage = ({ named: name }: Readonly<{ named: string }>) => {
  const { api } = useConsole();
  const cursor = useAddress().searchParams.get('cursor') ?? undefined;
  const parked = useAnswer(cursor ?? '', () => listParked(api, name, { cursor }), { everyMs: 3_000 });
  return (
    <Page
      title={`Parked events of ${name}`}
      lead="What comes for a key after an event that failed waits behind it. Re-drive them once the cause is mended."
    >
      <Answer of={parked} what="the parked events">
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <p class="notice good" role="status">
              Nothing is parked.
            </p>
          ) : (
            <>
              <Table caption="Parked events" columns={['Key', 'Event', 'Error', 'Parked', 'Actions']}>
                {items.map((event, index) => (
                  <Row
                    key={event.position}
                    {...{ name, event, again: parked.again }}
                    isFirstOfKey={items.findIndex(({ key }) => key === event.key) === index}
                  />
                ))}
              </Table>
              <Paging nextCursor={nextCursor} />
            </>
          )
        }
      </Answer>
    </Page>
  );
};

type RowProps = Readonly<{ name: string; event: ParkedEvent; isFirstOfKey: boolean; again: () => void }>;

/** What is asked holds for all events of a key, so it stands at the first. */
const Row = ({ name, event, isFirstOfKey, again }: RowProps) => {
  const { api } = useConsole();
  const { key, stream, revision, type, error, parkedAt, request } = event;
  const thenAgain = (act: () => Promise<unknown>) => async () => {
    await act();
    again();
  };
  return (
    <tr>
      <th scope="row">
        <code>{key}</code>
      </th>
      <td>
        {type}
        <br />
        <code class="quiet">
          {stream} @ {revision}
        </code>
      </td>
      <td class="wrapping">{error}</td>
      <td>
        <Instant at={parkedAt} />
      </td>
      <td>
        {request !== null && <span class="quiet">{request} asked for</span>}
        {isFirstOfKey && request === null && (
          <div class="actions">
            <Action
              label="Re-drive"
              of={key}
              act={thenAgain(() => retryParked(api, name, key))}
              done="They are applied again."
            />
            <Action
              label="Discard"
              of={key}
              confirm="Forget the parked events of this key for good?"
              act={thenAgain(() => discardParked(api, name, key))}
              done="They are forgotten."
            />
          </div>
        )}
      </td>
    </tr>
  );
};
