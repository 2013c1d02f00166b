import { Gauge } from 'prom-client';
import type { Guards } from '../../infra/resilience/guards.js';

type State = ReturnType<Guards['states']>[string];

const everyState = ['closed', 'open', 'half-open'] as const satisfies readonly State[];

/** How the circuits stand: 1 for the state that each is in, 0 for the others, as state sets of OpenMetrics are told. */
export const createCircuitGauge = (states: Guards['states']): Gauge<'upstream' | 'state'> =>
  new Gauge({
    name: 'evermart_circuit_state',
    help: 'The state of the circuit before each part of the platform that is asked: 1 for the one that it is in',
    labelNames: ['upstream', 'state'],
    registers: [],
    collect() {
      for (const [upstream, present] of Object.entries(states()))
        for (const state of everyState) this.set({ upstream, state }, Number(state === present));
    },
  });
