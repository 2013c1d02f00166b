import { Registry } from 'prom-client';
import { DomainError } from '../../domains/shared/errors.js';
import { createWritableLog } from '../../infra/logging/testing/writable-log.js';
import { createGuards } from '../../infra/resilience/guards.js';
import { createCircuitGauge } from './circuit-gauge.js';

it('tells of every circuit how it stands, when it is asked', async () => {
  let now = 0;
  const rules = { failures: 1, openMs: 10, successes: 2 };
  const guards = createGuards({ log: createWritableLog().log, rules, now: () => now });
  const registry = new Registry();
  registry.registerMetric(createCircuitGauge(guards.states));
  const statesNow = async () =>
    Object.fromEntries(
      [...(await registry.metrics()).matchAll(/^evermart_circuit_state\{upstream="(\w+)",state="(\S+)"\} 1$/gm)].map(
        ([, upstream = '', state]) => [upstream, state] as const,
      ),
    );
  expect(await statesNow()).toEqual({});

  const [postgres] = [guards.of({ name: 'PostgreSQL' }), guards.of({ name: 'MongoDB' })];
  expect(await statesNow()).toEqual({ PostgreSQL: 'closed', MongoDB: 'closed' });
  await postgres(() => Promise.reject(new DomainError('service.unavailable', 'It is away'))).catch(() => undefined);
  expect(await statesNow()).toEqual({ PostgreSQL: 'open', MongoDB: 'closed' });
  now = 10;
  await postgres(() => Promise.resolve());
  expect(await statesNow()).toEqual({ PostgreSQL: 'half-open', MongoDB: 'closed' });
  expect((await registry.metrics()).match(/^evermart_circuit_state\{.*\} 0$/gm)).toHaveLength(4);
});
