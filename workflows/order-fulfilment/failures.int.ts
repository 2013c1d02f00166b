import { inventory } from '../../domains/inventory/service.js';
import { orders } from '../../domains/orders/service.js';
import { payments } from '../../domains/payments/service.js';
import { shipping } from '../../domains/shipping/service.js';
import {
  callsOf,
  isPossible,
  newFault,
  openFailures,
  type Case,
  type Ordered,
  type Path,
  type Staff,
} from './testing/failures.js';
import { forEach, until, type Failure } from './testing/faults.js';
import { price, startSagaWorld, type SagaWorld } from './testing/saga-world.js';

let world: SagaWorld;
let failures: ReturnType<typeof openFailures>;

beforeAll(async () => {
  world = await startSagaWorld([orders, payments, inventory, shipping], { apart: true });
  failures = openFailures(world);
});
afterAll(() => world.stop());

const paths = Object.keys(callsOf) as Path[];
const everyCall = paths.flatMap((path) => callsOf[path].map((call) => [path, call] as const));
const unanswered = ['unanswered before', 'unanswered after'] as const;

it.each(['refused', 'transient', ...unanswered] as const)('every call may once be %s', async (failure) => {
  const cases = everyCall.filter(([, call]) => isPossible(call, failure) && isTelling(call, failure));
  expect(await wrongWithAll(cases.map(([path, call]) => ({ path, fault: newFault(call, failure) })))).toEqual([]);
});

describe('a step may fail until somebody sees to it', () => {
  const toBeUndone = ['inventory ReserveStock', 'provider authorise', 'provider capture', 'orders MarkOrderPaid'];
  const paid = ['inventory CommitReservation', 'shipping CreateShipment'];
  const all: readonly Staff[] = ['RequestSagaRetry', 'RequestSagaSkip', 'RequestSagaAbort', 'RequestCancellation'];

  it.each(all)('and then: %s', async (staff) => {
    const cases = [...toBeUndone, ...paid].flatMap((call) =>
      unanswered.map((failure): Case => ({ path: 'delivered', fault: newFault(call, failure, Infinity), staff })),
    );
    expect(await wrongWithAll(cases)).toEqual([]);
  });

  it.each(['refused', 'unanswered after'] as const)('where there is no way back from it: %s', async (failure) => {
    const undoing: readonly Path[] = ['declined', 'capture refused', 'cancelled', 'returned', 'refunded by staff'];
    const marking = ['orders MarkOrderShipped', 'orders MarkOrderDelivered'].map(
      (call) => ['delivered', call] as const,
    );
    const calls = [...everyCall.filter(([path]) => undoing.includes(path)), ...marking];
    const cases = calls
      .filter(([, call]) => isPossible(call, failure) && isTelling(call, failure))
      .map(([path, call]): Case => ({ path, fault: newFault(call, failure, Infinity) }));
    expect(await wrongWithAll(cases)).toEqual([]);
  });
});

describe('in the middle of steps', () => {
  const changing = everyCall.filter(([, call]) => isPossible(call, 'refused'));
  // No more than a worker does at once within workflow tasks.
  const [some, others, rest] = [0, 1, 2].map((part) => changing.filter((_, index) => index % 3 === part)) as [
    typeof changing,
    typeof changing,
    typeof changing,
  ];
  const cancelled: Staff = 'RequestCancellation';

  it('the worker may be killed after they took effect', async () => {
    const hanging = [
      ...(await hangingAt(some, 'hanging after')),
      ...(await hangingAt([authorised, captured], 'hanging after')),
    ];
    for (const { tell } of hanging.slice(some.length)) await tell('orders', cancelled, { reason: null });
    await world.workerApart.kill();
    await world.workerApart.start();
    expect(await wrongIn(hanging)).toEqual([]);
  });

  it('the worker may be killed before they take effect', async () => {
    const hanging = [
      ...(await hangingAt(others, 'hanging before')),
      ...(await hangingAt([requested], 'hanging before')),
    ];
    for (const { tell } of hanging.slice(others.length)) await tell('orders', cancelled, { reason: null });
    await world.workerApart.kill();
    await world.workerApart.start();
    expect(await wrongIn(hanging)).toEqual([]);
    for (const { orderId } of hanging.slice(others.length)) {
      const late = { key: `order-${orderId}/authorise/2`, orderId, amount: price, method: 'pm_ok' };
      expect(await world.provider.authorise(late)).toMatchObject({ outcome: 'refused' });
    }
  });

  it('the worker may be paused, and go on after another has gone back', async () => {
    let goOn: () => void = () => undefined;
    const untilThawed = new Promise<void>((resolve) => (goOn = resolve));
    let held = 0;
    const begun = await Promise.all(
      callsOf.delivered
        .slice(0, -2)
        .filter((call) => isPossible(call, 'refused'))
        .map((call) =>
          failures.order(
            { path: 'delivered', fault: newFault('nothing', 'refused', 0), timing: still },
            ({ orderId }) => {
              failures.faults.next(orderId, call, async (done) => {
                held += 1;
                await untilThawed;
                return done();
              });
            },
          ),
        ),
    );
    await until(() => held === begun.length);
    for (const { tell } of begun) await tell('orders', cancelled, { reason: null });
    const paused = world.workerApart.freeze();
    await world.workerApart.start();
    expect(await wrongIn(begun)).toEqual([]);
    goOn();
    await paused.goOn();
    expect((await Promise.all(begun.map(({ wrong }) => wrong()))).flat()).toEqual([]);
  });

  it('Temporal may be killed', async () => {
    const hanging = await hangingAt(rest, 'hanging after');
    world.killTemporal();
    expect(await wrongIn(hanging)).toEqual([]);
  });
});

/** What hangs does so for longer than it takes to kill somebody. */
const still = { localTryMs: 15_000, tryMs: 15_000 };

const requested = ['paid with another method', 'payments RequestAuthorisation'] as const;
const authorised = ['paid with another method', 'provider authorise'] as const;
const captured = ['paid with another method', 'provider capture'] as const;

/** Orders that all hang, each at a call. */
const hangingAt = async (
  calls: readonly (readonly [Path, string])[],
  failure: Failure,
): Promise<readonly Ordered[]> => {
  const faults = calls.map(([, call]) => newFault(call, failure));
  const begun = await Promise.all(
    calls.map(([path], index) =>
      failures.order({
        path,
        fault: faults[index] ?? newFault('', failure),
        timing: still,
      }),
    ),
  );
  await until(() => faults.every(({ struck }) => struck > 0));
  return begun;
};

const wrongIn = async (begun: readonly Ordered[]) => (await Promise.all(begun.map(({ done }) => done))).flat();

/** What stands around a call to the provider is another step only where it takes effect; the soak lets it fail in every way. */
const isTelling = (call: string, failure: Failure) =>
  failure === 'unanswered after' || !/^payments Re(quest|cord)/.test(call);

/** What is wrong in the end, by what was to go wrong; also where that did not come to pass. */
const wrongWithAll = async (cases: readonly Case[]): Promise<readonly string[]> => {
  const wrong: string[] = [];
  await forEach(cases, 18, async (each) => {
    const { fault, path } = each;
    const name = `${path}, ${fault.call}`;
    const { done } = await failures.order(each);
    wrong.push(...(await done).map((what) => `${name}: ${what}`));
    if (fault.struck === 0) wrong.push(`${name}: did not fail`);
  });
  return wrong;
};
