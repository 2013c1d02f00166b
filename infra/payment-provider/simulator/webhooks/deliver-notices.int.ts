import { receiveNotices, type NoticeReceiver } from '../testing/notice-receiver.js';
import { startProvider, type StartedProvider } from '../testing/start-provider.js';
import { deliverNotices } from './deliver-notices.js';
import { createPostNotice, type PostNotice } from './post-notice.js';

const secret = 'a secret of the tests';
const amount = { amount: 1000, currency: 'EUR' };
const call = { key: 'k1', orderId: 'o1', amount, method: 'pm_ok' };

let provider: StartedProvider;
let receiver: NoticeReceiver;
let delivery: ReturnType<typeof deliverNotices> | undefined;
let failures: readonly unknown[];

beforeEach(async () => {
  failures = [];
  provider = await startProvider({ keepsNotices: true });
});
afterEach(async () => {
  await delivery?.stop();
  await receiver.stop();
  await provider.stop();
});

/** Every notice that failed has its next turn at once, or none. */
const deliver = ({ post = createPostNotice({ url: receiver.url, secret }), nextTry = (): number | null => 0 } = {}) => {
  const { notices } = provider.ledger;
  const onFailure = (_error: unknown, about: object) => (failures = [...failures, about]);
  const onError = (error: unknown) => {
    throw error;
  };
  delivery = deliverNotices({ notices, post, nextTry, onFailure, onError });
};

/** Resolves once nothing waits to be delivered. */
const allTaken = async () => {
  while (provider.ledger.notices.due(Infinity, 1).length > 0) await new Promise((resolve) => setImmediate(resolve));
};

it('tells of every effect, once', async () => {
  receiver = await receiveNotices(secret);
  deliver();
  const { client } = provider;
  const reference = referenceIn(await client.authorise(call));
  await client.authorise(call);
  const captureReference = referenceIn(await client.capture({ key: 'k2', reference, amount }));
  const refund = referenceIn(await client.refund({ key: 'k3', captureReference, amount }));
  await client.refund({ key: 'k4', captureReference, amount });
  await client.authorise({ ...call, key: 'k5', orderId: 'o2', method: 'pm_declined' });
  const unlucky = referenceIn(
    await client.authorise({ ...call, key: 'k6', orderId: 'o3', method: 'pm_capture_fails' }),
  );
  await client.capture({ key: 'k7', reference: unlucky, amount });
  await client.voidAuthorisation({ key: 'k8', reference: unlucky });
  await client.voidAuthorisation({ key: 'k9', reference: unlucky });
  await client.voidByKey({ key: 'k10', authoriseKey: 'k11' });
  await allTaken();

  const notices = (await receiver.received(7)).map(({ kind, orderId, reference: of }) => [orderId, kind, of]);
  expect(notices.toSorted()).toEqual(
    [
      ['o1', 'authorisation.succeeded', reference],
      ['o1', 'capture.succeeded', captureReference],
      ['o1', 'refund.succeeded', refund],
      ['o2', 'authorisation.declined', null],
      ['o3', 'authorisation.succeeded', unlucky],
      ['o3', 'authorisation.voided', unlucky],
      ['o3', 'capture.refused', null],
    ].toSorted(),
  );
});

it('posts a notice again until it is taken', async () => {
  receiver = await receiveNotices(secret, (before) => [500, 404, 202][before] ?? 500);
  deliver();
  await provider.client.authorise(call);
  const notices = await receiver.received(3);
  await allTaken();
  expect(new Set(notices.map(({ id }) => id)).size).toBe(1);
  const noticeId = notices[0]?.id;
  expect(failures).toEqual([1, 2].map((tries) => ({ noticeId, tries, isGivenUp: false })));
});

it('keeps, and does not post, what it has given up', async () => {
  receiver = await receiveNotices(secret, (before) => (before === 0 ? 500 : 202));
  deliver({ nextTry: () => null });
  await provider.client.authorise(call);
  const [first] = await receiver.received(1);
  await provider.client.authorise({ ...call, key: 'k2' });
  const [, second] = await receiver.received(2);
  await allTaken();
  expect(second?.id).not.toBe(first?.id);
  expect(failures).toEqual([{ noticeId: first?.id, tries: 1, isGivenUp: true }]);
});

it('has at most eight under way', async () => {
  receiver = await receiveNotices(secret);
  let underWay = 0;
  let most = 0;
  const post: PostNotice = async (body, signal) => {
    most = Math.max(most, (underWay += 1));
    await createPostNotice({ url: receiver.url, secret })(body, signal);
    underWay -= 1;
  };
  const calls = Array.from({ length: 40 }, (_, index) => provider.client.authorise({ ...call, key: `k${index}` }));
  await Promise.all(calls);
  deliver({ post });
  expect(new Set((await receiver.received(40)).map(({ id }) => id)).size).toBe(40);
  expect(most).toBe(8);
});

it('leaves what was under way to the next start', async () => {
  let isAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  receiver = await receiveNotices(secret, () => {
    isAsked();
    return new Promise<number>(() => undefined);
  });
  deliver();
  await provider.client.authorise(call);
  await asked;
  await delivery?.stop();
  await receiver.stop();
  receiver = await receiveNotices(secret);
  deliver();
  expect(await receiver.received(1)).toMatchObject([{ orderId: 'o1' }]);
  expect(failures).toEqual([]);
});

const referenceIn = (answer: Readonly<{ outcome: string; reference?: string }>): string => {
  if (answer.reference === undefined) throw new Error(`It was ${answer.outcome}`);
  return answer.reference;
};
