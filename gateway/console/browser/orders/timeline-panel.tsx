import { useState } from 'preact/hooks';
import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { shortId } from '../format.js';
import { OutsideLink } from '../navigation.js';
import { Answer } from '../parts/answer.js';
import { jaegerTrace } from './jaeger-trace.js';
import { getTimeline, type Timeline } from './order-api.js';
import { kindsOf } from './timeline-rows.js';
import { WaterfallTable } from './waterfall-table.js';

type TimelinePanelProps = Readonly<{ orderId: string; changes: number }>;

/** Everything that happened to an order and was done for it. */
export const TimelinePanel = ({ orderId, changes }: TimelinePanelProps) => {
  const { api } = useConsole();
  const timeline = useAnswer(orderId, () => getTimeline(api, orderId), { changes });
  return (
    <section aria-labelledby="timeline">
      <div class="bar">
        <h2 id="timeline">Timeline</h2>
        <button type="button" disabled={timeline.isAsking} onClick={timeline.again}>
          Refresh
        </button>
      </div>
      <Answer of={timeline} what="the timeline">
        {(answer) => <ShownTimeline timeline={answer} />}
      </Answer>
    </section>
  );
};

/** Spans are many and tell of programs: whoever wants them asks for them. */
const hiddenAtFirst = ['span'];

const ShownTimeline = ({ timeline: { entries, traceIds, missing } }: Readonly<{ timeline: Timeline }>) => {
  const { settings } = useConsole();
  const [hidden, setHidden] = useState<readonly string[]>(hiddenAtFirst);
  const shown = entries.filter(({ kind }) => !hidden.includes(kind));
  const toggle = (kind: string) =>
    setHidden((before) => (before.includes(kind) ? before.filter((each) => each !== kind) : [...before, kind]));
  return (
    <>
      {missing.length > 0 && (
        <p class="notice warn" role="status">
          Missing, or not all of it: {missing.join(', ')}.
        </p>
      )}
      <fieldset class="kinds">
        <legend>Kinds that are shown</legend>
        {kindsOf(entries).map(([kind, count]) => (
          <label key={kind}>
            <input type="checkbox" checked={!hidden.includes(kind)} onChange={() => toggle(kind)} />
            <span class={`swatch ${kind}`} aria-hidden="true" /> {kind} <span class="quiet">{count}</span>
          </label>
        ))}
      </fieldset>
      {settings.jaegerUrl !== null && traceIds.length > 0 && (
        <p class="links">
          In Jaeger:{' '}
          {traceIds.map((traceId) => (
            <OutsideLink key={traceId} to={jaegerTrace(settings.jaegerUrl ?? '', traceId)}>
              {shortId(traceId.slice(0, 8))}
            </OutsideLink>
          ))}
        </p>
      )}
      {shown.length === 0 ? (
        <p class="quiet">Nothing of these kinds happened.</p>
      ) : (
        <WaterfallTable entries={shown} beginning={Math.min(...entries.map(({ at }) => Date.parse(at)))} />
      )}
    </>
  );
};
