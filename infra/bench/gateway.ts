import { generateKeyPairSync } from 'node:crypto';
import { createAccessTokens } from '../security/access-tokens.js';
import { post } from './command/load.js';
import { order } from './gateway/order.js';
import { refusalsFor } from './gateway/refused.js';
import { signedWith } from './gateway/signed-with.js';
import { startServer, type MeasuredServer, type Run } from './gateway/servers.js';
import { startSpanSink } from './gateway/span-sink.js';
import { compare, together, type Measurement } from './rounds.js';

const rounds = 7;
const customers = 100;

/** How many orders a server is sent in a round, by one caller and by many: a round takes each about as long. */
const counts = {
  bare: { one: 8_000, many: 30_000 },
  ours: { one: 4_000, many: 15_000 },
  untraced: { one: 4_000, many: 15_000 },
  stock: { one: 1_000, many: 3_000 },
} as const;

const callers = { one: 1, many: 32 } as const;

type Name = keyof typeof counts;
/** What a server does for one caller, who waits for each answer, and for as many as it can answer. */
type Runs = Readonly<Record<Name, Readonly<Record<keyof typeof callers, Run>>>>;
const names = Object.keys(counts) as readonly Name[];

/** Tracing may add so much CPU to a request. */
const mostForTracing = 15;

/** A server whose thread was less busy than this waited for its load, and its rate says little. */
const leastBusy = 0.9;

/**
 * The gateway's way with a request (JSON body, token, validation, limits, a span made by hand), beside Node's own server
 * that reads and answers the same, beside the same route made of stock parts, and beside itself without tracing. What the
 * order comes to is answered at once everywhere. Whatever must be refused is sent all the while.
 *
 * The floor beside Node's server is one of CPU for a caller who waits for each answer: there it takes what it took where
 * the floor comes from. Under more than it can answer it reads and writes for many callers at once and takes a third of
 * that, while all that a gateway does has to be done for each.
 */
export const measureGateway = async (report: (line: string) => void): Promise<Measurement> => {
  const signingKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
  const tokens = await tokensBy(signingKey);
  const refusals = refusalsFor(tokens[0] ?? '');
  const ours = { refusals, headers: ['RateLimit: "commands";r=', 'traceparent: 00-', 'X-Request-Id: '] };
  const [ourSpans, stockSpans] = [await startSpanSink(), await startSpanSink()];
  const servers: Readonly<Record<Name, MeasuredServer>> = {
    bare: await startServer('./bare.js', { signingKey }),
    ours: await startServer('./our-gateway/main.js', { signingKey, spansTo: ourSpans.url }, ours),
    untraced: await startServer('./our-gateway/main.js', { signingKey }, ours),
    stock: await startServer('./stock.js', { signingKey, spansTo: stockSpans.url }, { refusals }),
  };
  const requests = tokens.map((token) => post('/api/v1/orders', token, order));
  const runOf = (name: Name, how: keyof typeof callers): Promise<Run> =>
    servers[name].run(requests, { callers: callers[how], count: counts[name][how] });
  try {
    const runAll = async (round: string): Promise<Runs> => {
      const runs: Partial<Runs> = {};
      for (const name of names)
        Object.assign(runs, { [name]: { one: await runOf(name, 'one'), many: await runOf(name, 'many') } });
      report(`${round}: ${names.map((name) => `${name} ${shown(runs[name])}`).join(', ')}`);
      return runs as Runs;
    };
    await runAll('warm-up');
    const measured: Runs[] = [];
    for (let round = 1; round <= rounds; round += 1) measured.push(await runAll(`round ${round} of ${rounds}`));
    return together([
      ...beside('bare', { cpu: 0.45 }, measured),
      ...beside('stock', { cpu: 4, rate: 4 }, measured),
      forTracing(measured),
      saturated(measured),
      refusedMeanwhile(measured),
      arrived(ourSpans.spans(), (rounds + 1) * (counts.ours.one + counts.ours.many)),
    ]);
  } finally {
    await Promise.all(names.map((name) => servers[name].stop()));
    [ourSpans, stockSpans].forEach((sink) => sink.stop());
  }
};

const tokensBy = (signingKey: Buffer): Promise<readonly string[]> => {
  const { issue } = createAccessTokens(signedWith(signingKey));
  const customer = async (_: unknown, index: number) =>
    (await issue({ userId: `customer-${index}`, roles: ['customer'], sessionId: `session-${index}` })).accessToken;
  return Promise.all(Array.from({ length: customers }, customer));
};

const shown = (runs: Runs[Name] | undefined): string =>
  runs ? `${micros(runs.one)} µs alone, ${micros(runs.many)} µs and ${runs.many.perSecond.toFixed(0)}/s` : '';

const micros = ({ cpuMicroseconds }: Run) => cpuMicroseconds.toFixed(0);

/** By CPU, on which other work on the machine has less of an influence, and by the rate that many callers saw. */
const beside = (
  other: Name,
  { cpu, rate }: Readonly<{ cpu: number; rate?: number }>,
  measured: readonly Runs[],
): readonly Measurement[] => {
  const rounds = (figure: (runs: Runs[Name]) => number) =>
    measured.map((runs) => ({ figure: figure(runs.ours), ceiling: figure(runs[other]) }));
  return [
    compare(
      `per second of CPU, ${called[other]}`,
      rounds(({ one }) => byCpu(one)),
      cpu,
    ),
    compare(
      `by many callers, ${called[other]}`,
      rounds(({ many }) => many.perSecond),
      rate,
    ),
  ];
};

const called: Readonly<Record<Name, string>> = {
  bare: 'bare node:http',
  ours: 'itself',
  untraced: 'itself untraced',
  stock: 'stock parts',
};

const byCpu = ({ cpuMicroseconds }: Run) => 1_000_000 / cpuMicroseconds;

const forTracing = (measured: readonly Runs[]): Measurement => {
  const added = measured.map(({ ours, untraced }) => ours.many.cpuMicroseconds - untraced.many.cpuMicroseconds);
  const [median, spread] = [quantile(added, 0.5), (quantile(added, 0.75) - quantile(added, 0.25)) / 2];
  return {
    lines: [
      `tracing adds ${median.toFixed(1)} ± ${spread.toFixed(1)} µs of CPU to a request, at most ${mostForTracing}`,
    ],
    withinCeilings: median - spread <= mostForTracing,
  };
};

const saturated = (measured: readonly Runs[]): Measurement => {
  const busy = names.map((name) => ({
    name,
    share: quantile(
      measured.map((runs) => runs[name].many.busy),
      0.5,
    ),
  }));
  const idle = busy.filter(({ share }) => share < leastBusy);
  return {
    lines: [
      `busy: ${busy.map(({ name, share }) => `${called[name]} ${percent(share)}`).join(', ')}`,
      ...idle.map(({ name }) => `${called[name]} waited for its load: its rate says little`),
    ],
    withinCeilings: idle.length === 0,
  };
};

/** They throw where one was not; none at all would say nothing. */
const refusedMeanwhile = (measured: readonly Runs[]): Measurement => {
  const counted = measured.map(({ ours }) => ours.one.refused + ours.many.refused);
  return {
    lines: [`refused meanwhile, as they must be: ${counted.reduce((sum, count) => sum + count, 0)} requests`],
    withinCeilings: counted.every((count) => count > 0),
  };
};

/** The SDK drops what is more than it can export. */
const arrived = (spans: number, answered: number): Measurement => ({
  lines: [`spans that arrived where they are exported to: ${percent(spans / answered)} of the orders`],
  withinCeilings: spans > 0,
});

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.round((values.length - 1) * share)] ?? Number.NaN;
