import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepsOf, type HistoryStep } from './history-steps.js';
import { historyFromJson, type HistoryJson } from './testing/history-json.js';

/** A history that was recorded of the workflow of an order. */
const recorded = (path: string): readonly HistoryStep[] => {
  const file = join(import.meta.dirname, `../../workflows/order-fulfilment/histories/${path}.json`);
  return stepsOf(historyFromJson(JSON.parse(readFileSync(file, 'utf8')) as HistoryJson).events ?? []);
};

const shown = ({ kind, name, outcome, attempts, code }: HistoryStep) =>
  [kind, name, outcome, attempts, code].filter((part) => part !== null).join(' ');

describe('the steps of a history', () => {
  it('are its activities, with tries and how they ended', () =>
    expect(recorded('as-an-activity-of-its-own').map(shown)).toEqual([
      'workflow orderFulfilment running',
      'activity reserveStock completed 1',
      'activity authorisePayment failed 3 payment_provider.unanswered',
      'timer timer fired',
      'activity authorisePayment completed 1',
      'activity fulfilmentOf completed 1',
      'activity capturePayment completed 1',
      'activity markOrderPaid completed 1',
      'activity commitStock completed 1',
      'activity createShipment completed 1',
      'activity fulfilmentOf completed 1',
      'activity shipmentOf completed 1',
      'timer timer running',
    ]));

  it('tell when each began and how long it took', () => {
    const [workflow, reserve, , timer, authorise] = recorded('as-an-activity-of-its-own');
    expect(workflow?.durationMs).toBeNull();
    expect(reserve).toMatchObject({ summary: expect.stringMatching(/^reserve p-/) as string, durationMs: 3.106 });
    expect(timer).toMatchObject({ at: Date.parse('2026-11-26T22:12:45.305Z') + 0.593455, durationMs: 790.478 });
    expect(authorise).toMatchObject({ at: Date.parse('2026-11-26T22:12:46.108Z') + 0.852648, durationMs: 12.039 });
  });

  it('tell of an activity within a task only its own time', () => {
    const [, reserve, authorise, ask] = recorded('another-method');
    expect([reserve, authorise, ask].map((step) => step?.durationMs)).toEqual([5.164, 58.339, 8.262]);
  });

  it('are what it was told, with what came with it', () =>
    expect(recorded('cancelled-while-waiting-for-payment')).toContainEqual(
      expect.objectContaining({
        ...{ kind: 'signal', name: 'news', durationMs: null, outcome: null },
        told: { id: '2deb23a9-1901-58ce-a485-7048ab334bdc', type: 'CancellationRequested' },
      }),
    ));

  it('say how the workflow ended, and that somebody wanted it cancelled', () => {
    const steps = recorded('aborted-by-temporal');
    expect(steps[0]).toMatchObject({ kind: 'workflow', outcome: 'completed' });
    expect(steps.map(shown)).toContain('cancellation cancel');
  });

  it('hold nothing that activities were given or gave', () =>
    expect(JSON.stringify(recorded('another-method'))).not.toMatch(/pm_ok|userId|lines/));

  it('hold no sentence of a failure', () => {
    const steps = recorded('shipment-needs-attention');
    expect(steps.map(shown)).toContain('activity createShipment failed 1 step_failed');
    expect(JSON.stringify(recorded('given-up'))).not.toContain('gave no answer');
  });
});
