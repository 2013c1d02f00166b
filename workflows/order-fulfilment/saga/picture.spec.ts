import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pictureOfOrder, pictureOfReturn } from './picture.js';
import { orderSteps, returnSteps, type OrderStep } from './steps.js';

const document = readFileSync(join(import.meta.dirname, '../../../docs/order-saga.md'), 'utf8');
const drawn = [...document.matchAll(/```mermaid\n([^`]*)\n```/g)].map(([, picture]) => picture);

it('docs/order-saga.md shows the steps as they are', () =>
  expect(drawn).toEqual([pictureOfOrder(), pictureOfReturn()]));

describe('the steps are those of sagas that were recorded', () => {
  const forward = Object.keys(orderSteps);
  const back = Object.values(orderSteps)
    .flatMap(({ undo }: OrderStep) => undo ?? [])
    .toReversed();

  it('on the way forward', () => expect(stepsOf('delivered', forward)).toEqual(forward));
  it('on the way back', () => expect(stepsOf('cancelled-after-paid', back)).toEqual(back));
  it('of a return', () => expect(stepsOf('returned', returnSteps)).toEqual(returnSteps));
});

type Recorded = Readonly<{ events: readonly Readonly<{ userMetadata?: { summary?: { data: string } } }>[] }>;

/** Which of these a recorded saga did, in its order: each is told with the id of the product that it was done for. */
const stepsOf = (path: string, names: readonly string[]): readonly string[] => {
  const file = join(import.meta.dirname, '../histories', `${path}.json`);
  const { events } = JSON.parse(readFileSync(file, 'utf8')) as Recorded;
  const summaries = events
    .flatMap(({ userMetadata }) => userMetadata?.summary?.data ?? [])
    .map((data) => JSON.parse(Buffer.from(data, 'base64').toString()) as string);
  const done = summaries.map((summary) => names.find((name) => summary === name || summary.startsWith(`${name} p-`)));
  return [...new Set(done.flatMap((name) => name ?? []))];
};
