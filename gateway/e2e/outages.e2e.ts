import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { startFreezingProxy, type FreezingProxy } from '../../infra/postgres/testing/freezing-proxy.js';
import type { OpenApiDocument } from '../openapi/document.js';
import { eventually } from './testing/eventually.js';
import { triesOf, type Engine, type Subjects, type Try } from './testing/every-route.js';
import { startPlatformForTests, type RunningPlatform } from './testing/running-platform.js';
import { newProduct, orderOf } from './testing/shop.js';
import { createApiClient } from '../client/api-client.js';

const everyEngine = ['postgres', 'mongodb', 'event-store', 'temporal'] as const;

type Operation = Readonly<{ id: string; method: string; path: string }>;

let engines: EnginesForTests;
let platform: RunningPlatform;
let ways: Readonly<Record<Engine, FreezingProxy>>;
let operations: readonly Operation[];
let subjects: Subjects;
let tokens: Readonly<Record<'staff' | 'customer' | 'leaver', string>>;
let admin: Readonly<{ email: string; password: string }>;

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres', 'mongodb', 'temporal']);
  const { EVENTSTORE_URL, POSTGRES_URL, MONGODB_URL, TEMPORAL_ADDRESS } = engines.env;
  ways = {
    'event-store': await startFreezingProxy(EVENTSTORE_URL),
    postgres: await startFreezingProxy(POSTGRES_URL),
    mongodb: await startFreezingProxy(MONGODB_URL),
    temporal: await startFreezingProxy(`tcp://${TEMPORAL_ADDRESS}`),
  };
  platform = await startPlatformForTests({
    env: {
      EVENTSTORE_URL: ways['event-store'].url,
      POSTGRES_URL: ways.postgres.url,
      MONGODB_URL: ways.mongodb.url,
      TEMPORAL_ADDRESS: new URL(ways.temporal.url).host,
      // Jaeger is away all the time.
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      CIRCUIT_OPEN_SECONDS: '1',
      // Everything is asked at once, from one address.
      RATE_LIMIT_PER_SECOND: '10000',
      RATE_LIMIT_BURST: '10000',
    },
    until: ['payment-provider', 'gateway', 'projections', 'workflows'],
  });
  operations = await describedOperations();
  await setUpShop();
  for (const engine of everyEngine) await whenWell(engine);
});
beforeEach(async () => {
  tokens = { ...tokens, leaver: await tokenOf(admin) };
});
afterAll(async () => {
  await platform.stop();
  await Promise.all(Object.values(ways).map(({ close }) => close()));
  await engines.stop();
});

const describedOperations = async (): Promise<readonly Operation[]> => {
  const { paths } = (await (await fetch(`${platform.url}/openapi.json`)).json()) as OpenApiDocument;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      ...{ method: method.toUpperCase(), path },
      id: String(operationId),
    })),
  );
};

const setUpShop = async () => {
  const who = { email: `${randomId()}@example.org`, password: randomId() };
  const { id: userId } = await createApiClient(platform.url).register({ ...who, name: 'Ada Lovelace' });
  const customer = await createApiClient(platform.url).signIn(who);
  const productId = await newProduct(platform.staff, 5);
  const { id: orderId } = await customer.placeOrder(orderOf(productId, 1));
  subjects = { userId, productId, orderId };
  admin = JSON.parse(await readFile(join(platform.dataDir, 'admin.json'), 'utf8')) as typeof admin;
  tokens = { staff: await tokenOf(admin), customer: await tokenOf(who), leaver: await tokenOf(admin) };
};

const tokenOf = async (who: Readonly<{ email: string; password: string }>): Promise<string> => {
  const response = await fetch(`${platform.url}/api/v1/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(who),
  });
  return ((await response.json()) as { accessToken: string }).accessToken;
};

/** A route that has not answered by then hangs. */
const longestMs = 15_000;

/** What an operation answers: its status, and of a problem the code. */
const answerOf = async ({ method, path }: Operation, { path: parts = {}, query, body, as }: Try) => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parts[name]));
  const left = new AbortController();
  const response = await fetch(`${platform.url}${filled}${query === undefined ? '' : `?${query}`}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens[as ?? 'staff']}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.any([left.signal, AbortSignal.timeout(longestMs)]),
  });
  const { status, headers } = response;
  const isProblem = headers.get('content-type') === 'application/problem+json';
  const code = isProblem ? ((await response.json()) as { code: string }).code : undefined;
  // Streams have no end of their own.
  left.abort();
  return { status, code };
};

/** What operations answer now, all of them asked at once. */
const allAnswers = (isAsked: (attempt: Try) => boolean) => {
  const tries = triesOf(subjects);
  const attempts = operations.map((operation) => ({ operation, attempt: tries[operation.id] ?? {} }));
  return Promise.all(
    attempts
      .filter(({ attempt }) => isAsked(attempt))
      .map(async ({ operation, attempt }) => ({ operation, attempt, ...(await answerOf(operation, attempt)) })),
  );
};

type Answered = Awaited<ReturnType<typeof allAnswers>>[number];

const told = ({ operation: { id }, status, code }: Answered) => `${id}: ${status} ${code ?? ''}`;

const isAway = ({ status, code }: Answered) =>
  (status === 503 || status === 504) && (code === undefined || /^service\.(unavailable|timeout)$/.test(code));

/** The answers that are not as they should be while `engine` is away. */
const wrongWithout = async (engine?: Engine): Promise<readonly string[]> => {
  const answers = await allAnswers(() => true);
  return answers.filter((answer) => !isExpected(answer, engine)).map(told);
};

const isExpected = (answer: Answered, engine: Engine | undefined): boolean => {
  const { needs = [], mayNeed = [] } = answer.attempt;
  if (engine !== undefined && needs.includes(engine)) return isAway(answer);
  if (engine !== undefined && mayNeed.includes(engine) && isAway(answer)) return true;
  return answer.status < 500;
};

/** Resolves once all that needs an engine goes on. */
const whenWell = (engine: Engine) =>
  eventually(async () => {
    const answers = await allAnswers(({ needs = [], mayNeed = [] }) => [...needs, ...mayNeed].includes(engine));
    return answers.every(({ status }) => status < 500);
  });

it('has an expectation for every route', () => {
  expect(operations.map(({ id }) => id).sort()).toEqual(Object.keys(triesOf(subjects)).sort());
});

describe.each(everyEngine)('while %s', (engine) => {
  it('hangs, what needs it is refused and all else goes on; then all goes on by itself', async () => {
    ways[engine].freeze();
    try {
      expect(await wrongWithout(engine)).toEqual([]);
    } finally {
      ways[engine].thaw();
    }
    await whenWell(engine);
  });

  it('is not there, what needs it is refused and all else goes on; then all goes on by itself', async () => {
    await ways[engine].refuse();
    try {
      expect(await wrongWithout(engine)).toEqual([]);
    } finally {
      await ways[engine].accept();
    }
    await whenWell(engine);
  });
});

it('goes on whole while the payment provider hangs', async () => {
  const { pid } = platform.process('payment-provider');
  if (pid === null) throw new Error('The payment provider does not run');
  process.kill(pid, 'SIGSTOP');
  try {
    expect(await wrongWithout()).toEqual([]);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});
