import type { Histogram, Registry } from 'prom-client';
import type { Tally } from '../activity.js';
import type { Figures } from './figures.js';

/** The figures in the text format of Prometheus. */
export type Metrics = Readonly<{ contentType: string; text: (figures: Figures) => Promise<string> }>;

type Metric = readonly [name: string, help: string, valueOf: (figures: Figures) => number];
type TallyMetric = readonly [name: string, help: string, tallyOf: (figures: Figures) => Tally];

const gauges: readonly Metric[] = [
  ['process_uptime_seconds', 'How long the process has run', ({ process }) => process.uptimeSeconds],
  ['process_resident_memory_bytes', 'Memory that the process holds', ({ process }) => process.residentBytes],
  ['process_heap_used_bytes', 'Heap in use', ({ process }) => process.heapUsedBytes],
  ['process_heap_total_bytes', 'Heap', ({ process }) => process.heapTotalBytes],
  ['process_external_memory_bytes', 'Memory outside the heap', ({ process }) => process.externalBytes],
  [
    'event_loop_delay_mean_seconds',
    'Mean delay of the event loop in the last minute or since the last scrape',
    ({ process }) => process.eventLoopDelaySeconds.mean,
  ],
  [
    'event_loop_delay_p99_seconds',
    'Delay of the event loop that 99 of 100 were within',
    ({ process }) => process.eventLoopDelaySeconds.p99,
  ],
  [
    'event_loop_delay_max_seconds',
    'Longest delay of the event loop',
    ({ process }) => process.eventLoopDelaySeconds.max,
  ],
  ['head_position', 'Position of the last event', ({ store }) => store.head],
  ['database_bytes', 'Size of the database file', ({ store }) => store.databaseBytes],
  ['log_bytes', 'Size of the write-ahead log beside it', ({ store }) => store.logBytes],
  ['connections', 'Connections that are open', ({ store }) => store.connections],
  ['live_subscriptions', 'Catch-up subscriptions that are open', ({ store }) => store.liveSubscriptions],
];

const counters: readonly Metric[] = [
  ['process_cpu_user_seconds_total', 'Processor time in user space', ({ process }) => process.userCpuSeconds],
  ['process_cpu_system_seconds_total', 'Processor time in the kernel', ({ process }) => process.systemCpuSeconds],
  ['accepted_connections_total', 'Connections that were accepted', ({ store }) => store.acceptedConnections],
  ['silent_connections_total', 'Connections that said nothing in time', ({ store }) => store.silentConnections],
  ['refused_calls_total', 'Calls without the password of a user', ({ store }) => store.refusedCalls],
  ['appends_total', 'Appends that were written', ({ store }) => store.appends],
  ['appended_events_total', 'Events that were written', ({ store }) => store.appendedEvents],
  ['refused_appends_total', 'Appends that were answered with an error', ({ store }) => store.refusedAppends],
  ['reads_total', 'Reads that were begun', ({ store }) => store.reads],
  [
    'answers_total',
    'Messages that went out to reads and subscriptions, nearly all of them events',
    ({ store }) => store.answers,
  ],
];

const tallies: readonly TallyMetric[] = [
  ['commit_group_size', 'Changes that shared a commit', ({ store }) => store.groupSize],
  ['commit_seconds', 'How long a commit took', ({ store }) => store.commitSeconds],
];

const prefix = 'evermart_eventstore_';

/** Has a registry of its own: several servers may run in one process. */
export const createMetrics = async (): Promise<Metrics> => {
  // Only who asks for the metrics pays for the package that writes them.
  const { default: prometheus } = await import('prom-client');
  const registry = new prometheus.Registry();
  const registers = [registry];
  const setters = [
    ...gauges.map(([name, help, valueOf]) => {
      const gauge = new prometheus.Gauge({ name: prefix + name, help, registers });
      return (figures: Figures) => gauge.set(valueOf(figures));
    }),
    ...counters.map(([name, help, valueOf]) => {
      const counter = new prometheus.Counter({ name: prefix + name, help, registers });
      return (figures: Figures) => {
        counter.reset();
        counter.inc(valueOf(figures));
      };
    }),
    ...tallies.map(([name, help, tallyOf]) => {
      const histogram = new prometheus.Histogram({ name: prefix + name, help, registers: [] });
      return registerTally(registry, histogram, prefix + name, help, tallyOf);
    }),
  ];
  const text = (figures: Figures) => {
    for (const set of setters) set(figures);
    return registry.metrics();
  };
  return { contentType: registry.contentType, text };
};

/** Registers a histogram whose numbers were counted elsewhere: the package could only count them again. */
const registerTally = (
  registry: Registry,
  histogram: Histogram,
  name: string,
  help: string,
  tallyOf: (figures: Figures) => Tally,
) => {
  let values: ReturnType<typeof valuesOf> = [];
  const getForPromString = () => ({ name, help, type: 'histogram', values });
  registry.registerMetric(Object.assign(histogram, { getForPromString }));
  return (figures: Figures) => {
    values = valuesOf(name, tallyOf(figures));
  };
};

const valuesOf = (name: string, { bounds, counts, sum, count }: Tally) => {
  let upTo = 0;
  const buckets = counts.map((inBucket, index) => ({
    metricName: `${name}_bucket`,
    labels: { le: String(bounds[index] ?? '+Inf') },
    value: (upTo += inBucket),
  }));
  return [...buckets, { metricName: `${name}_sum`, value: sum }, { metricName: `${name}_count`, value: count }];
};
