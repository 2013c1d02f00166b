import type { TargetedEvent } from 'preact';
import { searchOf } from '../api.js';
import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { shownCount } from '../format.js';
import { go, Link, useAddress } from '../navigation.js';
import { pathOf } from '../pages.js';
import { Answer } from '../parts/answer.js';
import { Page } from '../parts/page.js';
import { Paging } from '../parts/paging.js';
import { Table } from '../parts/table.js';
import { findStreams } from './stream-api.js';

/** Streams by the beginning of their names. */
export const StreamsPage = () => {
  const { api } = useConsole();
  const { pathname, searchParams } = useAddress();
  const prefix = searchParams.get('prefix') ?? undefined;
  const cursor = searchParams.get('cursor') ?? undefined;
  const asked = { prefix, cursor };
  const found = useAnswer(searchOf(asked), () => findStreams(api, asked));
  const search = (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    go(pathname + searchOf({ prefix: new FormData(event.currentTarget).get('prefix') as string }));
  };
  return (
    <Page
      title="Streams"
      lead="A stream is named by its category and an id, such as order-…; whatever you read here is recorded."
    >
      <form class="bar" role="search" onSubmit={search}>
        <label>
          Name begins with
          <input key={prefix} name="prefix" defaultValue={prefix ?? ''} spellcheck={false} autocomplete="off" />
        </label>
        <button type="submit" class="primary">
          Search
        </button>
      </form>
      <Answer of={found} what="the streams">
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <p class="quiet">No stream begins like that.</p>
          ) : (
            <>
              <Table caption="Streams" columns={['Stream', { name: 'Last revision', isNumber: true }]}>
                {items.map(({ stream, lastRevision }) => (
                  <tr key={stream}>
                    <th scope="row">
                      <Link to={pathOf('/console/streams/:stream', stream)}>{stream}</Link>
                    </th>
                    <td class="number">{shownCount(lastRevision)}</td>
                  </tr>
                ))}
              </Table>
              <Paging nextCursor={nextCursor} asked={{ prefix }} />
            </>
          )
        }
      </Answer>
    </Page>
  );
};
