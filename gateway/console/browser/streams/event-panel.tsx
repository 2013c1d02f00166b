import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { Link, OutsideLink } from '../navigation.js';
import { jaegerTrace } from '../orders/jaeger-trace.js';
import { pathOf } from '../pages.js';
import { Answer } from '../parts/answer.js';
import { Facts } from '../parts/facts.js';
import { Instant } from '../parts/instant.js';
import { Json } from '../parts/json.js';
import { stateAt, type StoredEvent } from './stream-api.js';

type EventPanelProps = Readonly<{ stream: string; event: StoredEvent }>;

/** An event as it is stored, and the state that it led to. */
export const EventPanel = ({ stream, event }: EventPanelProps) => {
  const { api } = useConsole();
  const { revision } = event;
  const then = useAnswer(`${stream} ${revision}`, () => stateAt(api, stream, { revision }));
  return (
    <section aria-labelledby="event" aria-live="polite">
      <h2 id="event">
        {event.type} <span class="quiet">at revision {revision}</span>
      </h2>
      <Facts
        facts={[
          ['Position', event.position ?? 'none'],
          ['Stored', <Instant at={event.created} isExact />],
          ['Id', <code>{event.id}</code>],
          ...linksOf(event),
        ]}
      />
      <h3>Data</h3>
      <Json of={event.data} />
      <h3>Metadata</h3>
      <Json of={event.metadata} />
      <h3>State after it</h3>
      <Answer of={then} what="the state">
        {({ state }) => <Json of={state} />}
      </Answer>
    </section>
  );
};

const linksOf = ({ metadata }: StoredEvent) => {
  const { $correlationId: correlation, traceparent } = metadata;
  return [
    ...(typeof correlation === 'string'
      ? [
          [
            'Correlation',
            <Link to={pathOf('/console/correlations/:id', correlation)}>
              <code>{correlation}</code>
            </Link>,
          ] as const,
        ]
      : []),
    ...(typeof traceparent === 'string' ? [['Trace', <Trace traceparent={traceparent} />] as const] : []),
  ];
};

const Trace = ({ traceparent }: Readonly<{ traceparent: string }>) => {
  const { settings } = useConsole();
  const traceId = traceparent.split('-')[1] ?? '';
  if (settings.jaegerUrl === null) return <code>{traceId}</code>;
  return (
    <OutsideLink to={jaegerTrace(settings.jaegerUrl, traceId)}>
      <code>{traceId}</code>
    </OutsideLink>
  );
};
