import { DomainError } from '../../domains/shared/errors.js';
import { createScannedIndex } from '../../infra/audit-log/testing/scanned-index.js';
import { callAt, expectProblem } from '../http/testing/client.js';
import { startAuditDesk, type AuditDesk } from './testing/audit-desk.js';
import { as } from './testing/reads.js';

let desk: AuditDesk;
let url: string;
let close: () => Promise<number>;

beforeAll(async () => {
  desk = await startAuditDesk();
  ({ url, close } = await desk.open());
});
afterAll(async () => {
  await close();
  await desk.stop();
});

const read = async (at: string, method = 'GET') => {
  const answer = await fetch(at, { method, headers: { authorization: `Bearer ${as}` } });
  return { status: answer.status, body: await answer.text() };
};

describe('reads of the log', () => {
  /** An index that holds whoever asks it until it is let go on, and how many it holds. */
  const holding = () => {
    const state = { asked: 0, changed: (): void => undefined };
    let answer: (before: Promise<null>) => void = () => undefined;
    const answered = new Promise<null>((resolve) => (answer = resolve));
    const before = () => {
      state.asked += 1;
      state.changed();
      return answered;
    };
    return { state, answer, auditIndex: { ...createScannedIndex(desk.eventStore), before } };
  };
  const period = `?from=${new Date(0).toISOString()}`;

  it.each([
    ['are let go on', () => Promise.resolve(null), 200],
    ['fail', () => Promise.reject(new DomainError('service.unavailable', 'It is away')), 503],
  ] as const)('are eight at once, also those that wait, until they %s', async (_, outcome, status) => {
    const { state, answer, auditIndex } = holding();
    const held = await desk.open({ auditIndex });
    let refused = 0;
    const allHeard = new Promise<void>((resolve) => {
      state.changed = () => {
        if (state.asked + refused === 20) resolve();
      };
    });
    const sent = Array.from({ length: 20 }, async () => {
      const { status: given, body } = await read(`${held.url}/events${period}`);
      if (body.includes('gateway.overloaded')) refused += 1;
      state.changed();
      return given;
    });
    await allHeard;
    expect([state.asked, refused]).toEqual([8, 12]);
    answer(outcome());
    const statuses = await Promise.all(sent);
    expect(statuses.toSorted()).toEqual([
      ...Array.from({ length: 20 }, (_each, index) => (index < 8 ? status : 503)).toSorted(),
    ]);
    for (let round = 0; round < 9; round += 1) expect((await read(`${held.url}/events`)).status).toBe(200);
    await held.close();
  });

  it('take no place where only the head is asked for', async () => {
    for (let round = 0; round < 9; round += 1) expect((await read(`${url}/events`, 'HEAD')).status).toBe(200);
    expect((await read(`${url}/events`)).status).toBe(200);
  });

  it('are refused where the store is away before anything has come', async () => {
    const away = await desk.open({
      // eslint-disable-next-line require-yield, @typescript-eslint/require-await -- a read that breaks off
      readAll: async function* () {
        throw new DomainError('service.unavailable', 'The event store does not answer; try again soon');
      },
    });
    expectProblem(await callAt(away.url, 'GET', '/events', { as }), 503, 'service.unavailable');
    await away.close();
  });
});
