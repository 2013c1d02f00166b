import { Gauge, Registry } from 'prom-client';
import { sagaCountsIn } from './saga-counts.js';

it('finds the sagas among other metrics', async () => {
  const registry = new Registry();
  const registers = [registry];
  const sagas = new Gauge({ name: 'evermart_sagas', help: 'Sagas', labelNames: ['status'], registers });
  new Gauge({ name: 'evermart_sagas_ever', help: 'Others', labelNames: ['status'], registers }).set({ status: 'x' }, 9);
  sagas.set({ status: 'running' }, 3);
  sagas.set({ status: 'needs_attention' }, 0);
  expect(sagaCountsIn(await registry.metrics())).toEqual({ running: 3, needs_attention: 0 });
});

it('finds none where none are told', () => {
  expect(sagaCountsIn('evermart_sagas 3\n')).toEqual({});
});
