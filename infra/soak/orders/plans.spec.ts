import { randomFrom } from '../../event-store-server/faults/random.js';
import { planOf } from './plans.js';

const products = 8;
const plans = Array.from({ length: 500 }, (_, order) => planOf(randomFrom(order), products));

describe('a plan', () => {
  it('is the same for the same seed', () => expect(planOf(randomFrom(7), products)).toEqual(plans[7]));

  it('has a product once', () => {
    for (const { lines } of plans) expect(new Set(lines.map(({ product }) => product)).size).toBe(lines.length);
  });

  it('offers another method after a decline only', () => {
    for (const { methods } of plans)
      for (const method of methods.slice(0, -1)) expect(['pm_declined', 'pm_insufficient_funds']).toContain(method);
  });

  it('leaves nothing out', () => {
    const methods = new Set(plans.flatMap((plan) => plan.methods));
    expect([...methods].sort()).toEqual([
      ...['pm_capture_fails', 'pm_declined', 'pm_flaky', 'pm_insufficient_funds', 'pm_ok', 'pm_slow', 'pm_timeout'],
    ]);
    const wants = new Set(plans.flatMap(({ staffWants }) => (staffWants ? [staffWants.what] : [])));
    expect([...wants].sort()).toEqual(['abort', 'retry', 'skip']);
    expect(new Set(plans.map(({ until }) => until)).size).toBe(4);
    expect(plans.some(({ cancel }) => cancel?.by === 'customer')).toBe(true);
    expect(plans.some(({ refunds }) => refunds !== null)).toBe(true);
    expect(plans.some(({ isSentTwice }) => isSentTwice)).toBe(true);
  });
});
