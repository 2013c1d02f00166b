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

/** How many orders each server is sent in a round, so that a round takes each about as long. */
const counts = { bare: 30_000, ours: 15_000, untraced: 15_000, stock: 3_000 } as const;

type Name = keyof typeof counts;
type Runs = Readonly<Record<Name, Run>>;
const names = Object.keys(counts) as readonly Name[];

/** Tracing may add so much CPU to a request. */
const mostForTracing = 15;

/** A server whose thread was less busy than this waited for its load, and its rate says little. */
const leastBusy = 0.9;

/**
 * The gateway's way with a request (JSON body, token, validation, a span made by hand), beside Node's own server that
 * reads and answers the same, beside the same route made of stock parts, and beside itself without tracing. What the
 * order comes to is answered at once everywhere. Whatever must be refused is sent all the while.
 */
export const measureGateway = async (report: (line: string) => void): Promise<Measurement> => {
  const signingKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
  const tokens = await tokensBy(signingKey);
  const refusals = refusalsFor(tokens[0] ?? '');
  const [ourSpans, stockSpans] = [await startSpanSink(), await startSpanSink()];
  const servers: Readonly<Record<Name, MeasuredServer>> = {
    bare: await startServer('./bare.js', { signingKey }, []),
    ours: await startServer('./our-gateway/main.js', { signingKey, spansTo: ourSpans.url }, refusals),
    untraced: await startServer('./our-gateway/main.js', { signingKey }, refusals),
    stock: await startServer('./stock.js', { signingKey, spansTo: stockSpans.url }, refusals),
  };
  const requests = tokens.map((token) => post('/api/v1/orders', token, order));
  try {
    const runAll = async (name: string): Promise<Runs> => {
      const runs: Partial<Record<Name, Run>> = {};
      for (const server of names) runs[server] = await servers[server].run(requests, counts[server]);
      report(`${name}: ${names.map((server) => `${server} ${shown(runs[server])}`).join(', ')}`);
      return runs as Runs;
    };
    await runAll('warm-up');
    const measured: Runs[] = [];
    for (let round = 1; round <= rounds; round += 1) measured.push(await runAll(`round ${round} of ${rounds}`));
    const answered = (rounds + 1) * counts.ours;
    return together([
      ...beside('bare', 0.45, measured),
      ...beside('stock', 4, measured),
      forTracing(measured),
      saturated(measured),
      refusedMeanwhile(measured),
      arrived(ourSpans.spans(), answered),
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

const shown = (run: Run | undefined): string =>
  run ? `${run.perSecond.toFixed(0)}/s ${run.cpuMicroseconds.toFixed(0)} µs` : '';

/** By the rate that callers saw, and by CPU, on which other work on the machine has less of an influence. */
const beside = (other: Name, floor: number, measured: readonly Runs[]): readonly Measurement[] => [
  compare(
    `orders answered, beside ${called[other]}`,
    measured.map((runs) => ({ figure: runs.ours.perSecond, ceiling: runs[other].perSecond })),
    floor,
  ),
  compare(
    `orders per second of CPU, beside ${called[other]}`,
    measured.map((runs) => ({ figure: byCpu(runs.ours), ceiling: byCpu(runs[other]) })),
    floor,
  ),
];

const called: Readonly<Record<Name, string>> = {
  bare: 'bare node:http',
  ours: 'itself',
  untraced: 'itself untraced',
  stock: 'stock parts',
};

const byCpu = ({ cpuMicroseconds }: Run) => 1_000_000 / cpuMicroseconds;

const forTracing = (measured: readonly Runs[]): Measurement => {
  const added = measured.map(({ ours, untraced }) => ours.cpuMicroseconds - untraced.cpuMicroseconds);
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
      measured.map((runs) => runs[name].busy),
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
  const counted = measured.map(({ ours }) => ours.refused);
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
