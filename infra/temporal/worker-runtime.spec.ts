import { createWritableLog } from '../logging/testing/writable-log.js';
import { lineOf, newsFilter } from './worker-runtime.js';

describe('a line', () => {
  it("tells of an activity's failure what is known of it, and not what its message says", () => {
    const error = Object.assign(new RangeError('ada@example.org'), { type: 'payment.not_found' });
    const execution = { workflowId: 'order-1', runId: 'run-1', workflowType: 'orderFulfilment' };
    const meta = { ...execution, activityType: 'reserveStock', attempt: 3, taskToken: 'x', durationMs: 5, error };
    const { level, facts, message } = lineOf({ level: 'WARN', message: 'Activity failed', meta });
    expect({ level, message }).toEqual({ level: 'warn', message: 'Temporal: Activity failed' });
    const known = { ...execution, orderId: '1', activityType: 'reserveStock', attempt: 3, code: 'payment.not_found' };
    expect(facts).toEqual({ ...known, err: error });
    const { log, lines } = createWritableLog();
    log[level](facts, message);
    expect(lines()).toMatchObject([{ ...known, err: { name: 'RangeError' } }]);
    expect(JSON.stringify(lines())).not.toContain('ada@example.org');
  });

  it('tells what a workflow says, and nothing that nobody has thought of', () => {
    const said = {
      orderId: 'o1',
      status: 'needs_attention',
      step: 'authorise',
      code: 'service.unavailable',
      traceId: 'abc',
      attempt: 2,
    };
    const meta = { workflowId: 'payment-refund-r1', ...said, email: 'ada@example.org', sdkComponent: 'workflow' };
    expect(lineOf({ level: 'INFO', message: 'a step was given up', meta })).toEqual({
      level: 'info',
      facts: { workflowId: 'payment-refund-r1', ...said },
      message: 'Temporal: a step was given up',
    });
  });

  it.each(['order-o1', 'order-return-o1'])('names the order of workflow %s', (workflowId) =>
    expect(lineOf({ level: 'WARN', message: 'failed', meta: { workflowId } }).facts).toEqual({
      workflowId,
      orderId: 'o1',
    }),
  );

  it('has no facts where there are none', () =>
    expect(lineOf({ level: 'ERROR', message: 'Worker failed' }).facts).toEqual({}));
});

describe('news', () => {
  const retried = (times: number) => ({ level: 'WARN', message: `gRPC call poll retried ${times} times` }) as const;

  it('is once a minute that calls are retried, and every other warning always', () => {
    const isNews = newsFilter();
    expect(isNews(retried(16), 1_000_000)).toBe(true);
    expect(isNews(retried(17), 1_059_999)).toBe(false);
    expect(isNews(retried(18), 1_060_000)).toBe(true);
    expect(isNews({ level: 'WARN', message: 'Activity failed' }, 1_060_001)).toBe(true);
    expect(isNews({ level: 'ERROR', message: 'Activity failed' }, 1_060_002)).toBe(true);
  });

  it.each([
    ['workflow', true],
    ['activity', true],
    ['worker', false],
    ['core', false],
  ])('is what a %s says without being troubled: %s', (sdkComponent, expected) =>
    expect(newsFilter()({ level: 'INFO', message: 'begun', meta: { sdkComponent } }, 0)).toBe(expected),
  );
});
