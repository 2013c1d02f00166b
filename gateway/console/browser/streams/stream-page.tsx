import { useState } from 'preact/hooks';
import { searchOf } from '../api.js';
import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { Link, useAddress } from '../navigation.js';
import { pathOf } from '../pages.js';
import { Answer } from '../parts/answer.js';
import { Instant } from '../parts/instant.js';
import { Page } from '../parts/page.js';
import { Table } from '../parts/table.js';
import { DifferencePanel } from './difference-panel.js';
import { EventPanel } from './event-panel.js';
import { readStream, type StoredEvent } from './stream-api.js';
import { openEvent, orderIdOf, shownPart, type ShownPart } from './stream-parts.js';

/** A stream in parts, with what is behind an event and the state that it led to. */
export const StreamPage = ({ named: stream }: Readonly<{ named: string }>) => {
  const { api } = useConsole();
  const { searchParams } = useAddress();
  const from = searchParams.get('from') ?? undefined;
  const direction = searchParams.get('direction') ?? undefined;
  const asked = { from, direction };
  const part = useAnswer(searchOf(asked), () => readStream(api, stream, asked));
  return (
    <Page title="Stream" lead={<code>{stream}</code>}>
      <OrderOf stream={stream} />
      <Answer of={part} what="the stream">
        {(answer) => <Events stream={stream} part={shownPart(answer, direction)} from={from} />}
      </Answer>
    </Page>
  );
};

const OrderOf = ({ stream }: Readonly<{ stream: string }>) => {
  const orderId = orderIdOf(stream);
  return orderId === null ? null : (
    <p>
      <Link to={pathOf('/console/orders/:id', orderId)}>Timeline of the order</Link>
    </p>
  );
};

type EventsProps = Readonly<{ stream: string; part: ShownPart; from: string | undefined }>;

const Events = ({ stream, part, from }: EventsProps) => {
  const { events } = part;
  const [chosen, setChosen] = useState<number | null>(null);
  const last = events.at(-1);
  const event = openEvent(events, chosen, from);
  if (last === undefined) return <p class="quiet">The stream has no events there.</p>;
  return (
    <>
      <div class="beside">
        <section aria-labelledby="events">
          <h2 id="events">Events</h2>
          <Table caption="Events of the stream" columns={[{ name: 'Revision', isNumber: true }, 'Type', 'Stored']}>
            {events.map((each) => (
              <Row key={each.revision} event={each} isChosen={each === event} choose={setChosen} />
            ))}
          </Table>
          <Parts part={part} />
        </section>
        {event && <EventPanel key={event.revision} stream={stream} event={event} />}
      </div>
      <DifferencePanel stream={stream} last={last.revision} />
    </>
  );
};

type RowProps = Readonly<{ event: StoredEvent; isChosen: boolean; choose: (revision: number) => void }>;

const Row = ({ event: { revision, type, created }, isChosen, choose }: RowProps) => (
  <tr class={isChosen ? 'chosen' : ''}>
    <td class="number">{revision}</td>
    <th scope="row">
      <button type="button" class="plain" aria-pressed={isChosen} onClick={() => choose(revision)}>
        {type}
      </button>
    </th>
    <td>
      <Instant at={created} isExact />
    </td>
  </tr>
);

const Parts = ({ part: { earlier, later } }: Readonly<{ part: ShownPart }>) => {
  const { pathname } = useAddress();
  return (
    <nav class="paging" aria-label="Parts of the stream">
      <Link to={pathname}>First</Link>
      {earlier && <Link to={pathname + searchOf(earlier)}>Earlier</Link>}
      {later && <Link to={pathname + searchOf(later)}>Later</Link>}
      <Link to={pathname + searchOf({ direction: 'backwards' })}>Last</Link>
    </nav>
  );
};
