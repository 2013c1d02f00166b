import type { TargetedKeyboardEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { shownDuration } from '../format.js';
import type { TimelineEntry } from './order-api.js';
import { barInWords, durationOf, keysOf, stretchOf } from './timeline-rows.js';
import { TimelineDetail } from './timeline-detail.js';
import { waterfallOf, type Pause } from './waterfall.js';

type WaterfallTableProps = Readonly<{
  entries: readonly TimelineEntry[];
  /** When the whole timeline begins, also what of it is not shown; milliseconds since 1970. */
  beginning: number;
}>;

/** Entries below each other, each with its bar. One bar is in the tab order; arrow keys lead from it to the others. */
export const WaterfallTable = ({ entries, beginning }: WaterfallTableProps) => {
  const keys = keysOf(entries);
  const { bars, pauses } = waterfallOf(entries.map(stretchOf));
  const [current, setCurrent] = useState(0);
  const [open, setOpen] = useState<readonly string[]>([]);
  const body = useRef<HTMLTableSectionElement>(null);
  const last = entries.length - 1;

  const toggle = (key: string) =>
    setOpen((before) => (before.includes(key) ? before.filter((each) => each !== key) : [...before, key]));
  const move = (event: TargetedKeyboardEvent<HTMLTableSectionElement>) => {
    const to = nextOf(event.key, Math.min(current, last), last);
    if (to === null || !(event.target as Element).matches('.stretch')) return;
    event.preventDefault();
    setCurrent(to);
    body.current?.querySelectorAll<HTMLElement>('.stretch')[to]?.focus();
  };
  return (
    <>
      <p class="quiet">
        Shaded columns are pauses, drawn shorter than they were. Arrow keys move between bars; Enter shows what is
        behind one.
      </p>
      <table class="waterfall">
        <caption class="unseen">Timeline of the order</caption>
        <thead>
          <tr>
            <th scope="col" class="number">
              After
            </th>
            <th scope="col">What</th>
            <th scope="col">Kind</th>
            <th scope="col">When</th>
            <th scope="col" class="number">
              Lasts
            </th>
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={move}>
          {entries.map((entry, index) => {
            const { left = 0, width = 0 } = bars[index] ?? {};
            const key = keys[index] ?? '';
            const isOpen = open.includes(key);
            const duration = durationOf(entry);
            return [
              <tr key={index}>
                <td class="number">{shownDuration(stretchOf(entry).startMs - beginning)}</td>
                <th scope="row">{entry.name}</th>
                <td>{entry.kind}</td>
                <td class="track">
                  <Pauses pauses={pauses} />
                  <button
                    type="button"
                    class={`stretch ${entry.kind}`}
                    style={{ left: `min(${percent(left)}, 100% - 0.5rem)`, width: percent(width) }}
                    tabIndex={index === Math.min(current, last) ? 0 : -1}
                    aria-label={barInWords(entry, beginning)}
                    aria-expanded={isOpen}
                    onFocus={() => setCurrent(index)}
                    onClick={() => toggle(key)}
                  />
                </td>
                <td class="number">{duration !== null && shownDuration(duration)}</td>
              </tr>,
              isOpen && <TimelineDetail key={`${index} detail`} entry={entry} />,
            ];
          })}
        </tbody>
      </table>
    </>
  );
};

const Pauses = ({ pauses }: Readonly<{ pauses: readonly Pause[] }>) => (
  <>
    {pauses.map(({ left, width, ms }) => (
      <span
        key={left}
        class="pause"
        style={{ left: percent(left), width: percent(width) }}
        title={`Nothing for ${shownDuration(ms)}`}
      />
    ))}
  </>
);

/** Where a key leads to among the bars; `null` where it leads nowhere. */
const nextOf = (key: string, current: number, last: number): number | null => {
  switch (key) {
    case 'ArrowDown':
      return Math.min(current + 1, last);
    case 'ArrowUp':
      return Math.max(current - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
};

const percent = (fraction: number) => `${(fraction * 100).toFixed(3)}%`;
