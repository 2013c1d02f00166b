import { orderSteps, orderWaits, returnSteps, type OrderStep } from './steps.js';

/** The saga of an order as a flow chart of Mermaid: the way forward and, beside it, the way back. */
export const pictureOfOrder = (): string =>
  chart([
    'placed([order placed]) --> reserve',
    ...steps.flatMap(([name, { of, manner, awaits }]) => [
      `${idOf(name)}[${labelOf(name, of)}]:::${manner}`,
      ...(awaits ? [`${waitOf(awaits)}{{wait for ${orderWaits[awaits]}}}`] : []),
    ]),
    ...steps.flatMap(([name, step], index) => leadingOn(name, step, steps[index + 1])),
    ...undos.map(([, undo]) => `${idOf(undo)}(${undo}):::compensation`),
    ...undos.map(([name, undo]) => `${idOf(name)} -. goes back .-> ${idOf(undo)}`),
    `${[...undos.map(([, undo]) => idOf(undo)).toReversed(), 'ended'].join(' --> ')}([order rejected or cancelled])`,
  ]);

/** A return as a flow chart of Mermaid. */
export const pictureOfReturn = (): string =>
  chart([
    'requested([return requested]) --> take_back_shipment',
    ...returnSteps.map((name) => `${idOf(name)}[${name}]:::compensation`),
    `${[...returnSteps.map(idOf), 'returned'].join(' --> ')}([order returned])`,
  ]);

const steps: readonly (readonly [string, OrderStep])[] = Object.entries(orderSteps);
const undos = steps.flatMap(([name, { undo }]) => (undo === undefined ? [] : [[name, undo] as const]));

type NextStep = (typeof steps)[number] | undefined;

const leadingOn = (name: string, { awaits }: OrderStep, next: NextStep): readonly string[] => [
  ...(awaits === 'payment' ? [`${idOf(name)} -- declined --> ${waitOf(awaits)} --> ${idOf(name)}`] : []),
  next ? `${idOf(name)} --> ${wayTo(next)}` : `${idOf(name)} --> fulfilled([order delivered])`,
];

/** Another payment method is only waited for after the first; all else comes before its step. */
const wayTo = ([name, { awaits }]: readonly [string, OrderStep]): string =>
  awaits && awaits !== 'payment' ? `${waitOf(awaits)} --> ${idOf(name)}` : idOf(name);

const labelOf = (name: string, of: string | undefined) => (of === undefined ? name : `"${name}<br>${of}"`);
const waitOf = (awaits: string) => `wait_${awaits}`;
const idOf = (name: string) => name.replaceAll(' ', '_');

const chart = (lines: readonly string[]): string =>
  ['flowchart TD', ...[...lines, ...styles].map((line) => `  ${line}`)].join('\n');

const styles = [
  'classDef compensatable fill:#fff3cd,stroke:#b58900,color:#000',
  'classDef pivot fill:#d1ecf1,stroke:#0b7285,stroke-width:3px,color:#000',
  'classDef retriable fill:#d4edda,stroke:#2b8a3e,color:#000',
  'classDef compensation fill:#f8d7da,stroke:#c92a2a,color:#000',
];
