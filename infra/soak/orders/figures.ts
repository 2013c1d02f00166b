import { statusOf } from '../order-status.js';
import type { RecordedEvent, Records } from './records.js';

/** How many orders came to what, and how long those that were paid took to be, as lines. */
export const figuresOf = ({ order }: Records): readonly string[] => {
  const outcomes = [...order.values()].map(outcomeOf);
  const counts = [...new Set(outcomes)].sort().map((outcome) => {
    const count = outcomes.filter((other) => other === outcome).length;
    return `  ${String(count).padStart(5)}  ${outcome}`;
  });
  const seconds = [...order.values()].flatMap(secondsToPaid).sort((a, b) => a - b);
  const at = (share: number) => `${(seconds[Math.floor((seconds.length - 1) * share)] ?? Number.NaN).toFixed(2)} s`;
  return [
    `${outcomes.length} orders:`,
    ...counts,
    `from accepted to paid, ${seconds.length} orders: p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}`,
  ];
};

const outcomeOf = (order: readonly RecordedEvent[]): string => {
  const status = statusOf(order);
  const reason = order.find(({ type }) => type === 'OrderRejected' || type === 'OrderCancelled')?.data['reason'];
  return typeof reason === 'string' ? `${status} (${reason})` : status;
};

const secondsToPaid = (order: readonly RecordedEvent[]): readonly number[] => {
  const [placed, paid] = ['OrderPlaced', 'OrderPaid'].map((type) => order.find((event) => event.type === type));
  return placed && paid ? [(paid.created.getTime() - placed.created.getTime()) / 1000] : [];
};
