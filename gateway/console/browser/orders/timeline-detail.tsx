import { useConsole } from '../console.js';
import { Link, OutsideLink } from '../navigation.js';
import { pathOf } from '../pages.js';
import { Facts } from '../parts/facts.js';
import { Instant } from '../parts/instant.js';
import { Json } from '../parts/json.js';
import { hasRole } from '../who.js';
import { jaegerTrace } from './jaeger-trace.js';
import type { TimelineEntry } from './order-api.js';

/** What is behind a bar. */
export const TimelineDetail = ({ entry }: Readonly<{ entry: TimelineEntry }>) => {
  const { who, settings } = useConsole();
  const { at, actor, traceId, detail } = entry;
  const { stream } = detail;
  const mayAudit = typeof stream === 'string' && hasRole(who, 'auditor', 'admin');
  return (
    <tr class="detail">
      <td colSpan={5}>
        <Facts
          facts={[
            ['At', <Instant at={at} isExact />],
            ['Who', actor === undefined ? 'not known' : <code>{actor}</code>],
            ['Trace', <Trace id={traceId} jaegerUrl={settings.jaegerUrl} />],
            ...(mayAudit
              ? [['Stream', <Link to={pathOf('/console/streams/:stream', stream)}>{stream}</Link>] as const]
              : []),
          ]}
        />
        <Json of={detail} />
      </td>
    </tr>
  );
};

const Trace = ({ id, jaegerUrl }: Readonly<{ id: string | undefined; jaegerUrl: string | null }>) => {
  if (id === undefined) return <>none</>;
  return jaegerUrl === null ? (
    <code>{id}</code>
  ) : (
    <OutsideLink to={jaegerTrace(jaegerUrl, id)}>
      <code>{id}</code>
    </OutsideLink>
  );
};
