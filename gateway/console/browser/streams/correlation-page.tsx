import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { shownCount } from '../format.js';
import { Link } from '../navigation.js';
import { pathOf } from '../pages.js';
import { Answer } from '../parts/answer.js';
import { Instant } from '../parts/instant.js';
import { Page } from '../parts/page.js';
import { getCorrelation, type Cause } from './stream-api.js';

/** What one request led to: each event with those that it caused. */
export const CorrelationPage = ({ named: id }: Readonly<{ named: string }>) => {
  const { api } = useConsole();
  const correlation = useAnswer(id, () => getCorrelation(api, id));
  return (
    <Page title="Correlation" lead={<code>{id}</code>}>
      <Answer of={correlation} what="the events">
        {({ events, roots }) => (
          <>
            <p>{shownCount(events)} events; what an event caused stands below it.</p>
            <Causes of={roots} />
          </>
        )}
      </Answer>
    </Page>
  );
};

const Causes = ({ of }: Readonly<{ of: readonly Cause[] }>) => (
  <ul class="causes">
    {of.map(({ event: { id, type, stream, revision, created }, causes }) => (
      <li key={id}>
        <strong>{type}</strong>{' '}
        <Link to={`${pathOf('/console/streams/:stream', stream)}?from=${revision}`}>{stream}</Link>{' '}
        <span class="quiet">
          @ {revision} · <Instant at={created} isExact />
        </span>
        {causes.length > 0 && <Causes of={causes} />}
      </li>
    ))}
  </ul>
);
