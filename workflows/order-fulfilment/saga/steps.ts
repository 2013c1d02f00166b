/**
 * How a step may end. A compensatable one is undone when the saga goes back; the pivot is the last of which that can
 * happen; a retriable one is tried until it is done, unless the order is cancelled; a compensation until it is done
 * whatever is asked for meanwhile, and so is every step of a return or a refund.
 * (H. Garcia-Molina, K. Salem: Sagas, 1987; C. Richardson: Microservices Patterns, 2018, chapter 4.)
 */
export type Manner = 'compensatable' | 'pivot' | 'retriable' | 'compensation';

/** Whether a step that was given up is left to people, rather than tried again by itself. */
export const waitsForPeople = (manner: Manner): boolean => manner === 'compensatable' || manner === 'pivot';

/** What is waited for between steps, each with what ends it. */
export const orderWaits = {
  payment: 'another payment method',
  dispatch: 'the dispatch',
  delivery: 'the delivery',
} as const;

/**
 * What the saga does, in its order, how each of it is undone, and what it may have to wait for first. The picture in
 * docs/order-saga.md is drawn from it.
 */
export const orderSteps = {
  reserve: { manner: 'compensatable', of: 'each line', undo: 'release' },
  authorise: { manner: 'compensatable', of: 'each payment method', undo: 'void', awaits: 'payment' },
  capture: { manner: 'compensatable', undo: 'refund' },
  'mark paid': { manner: 'pivot' },
  commit: { manner: 'retriable', of: 'each line' },
  'create shipment': { manner: 'retriable', undo: 'cancel shipment' },
  'mark shipped': { manner: 'retriable', awaits: 'dispatch' },
  'mark delivered': { manner: 'retriable', awaits: 'delivery' },
} as const satisfies Readonly<Record<string, OrderStep>>;

export type OrderStep = Readonly<{ manner: Manner; of?: string; undo?: string; awaits?: keyof typeof orderWaits }>;

/** A step as it is shown, and how it may end. */
export type Step = Readonly<{ name: string; manner: Manner }>;

/** A step of the saga; `of` is the product that it is done for, where it is done for each. */
export const stepOf = (name: keyof typeof orderSteps, of?: string): Step => ({
  name: of === undefined ? name : `${name} ${of}`,
  manner: orderSteps[name].manner,
});

/** The steps of a return: nothing of it is undone. */
export const returnSteps = ['take back shipment', 'restock', 'refund', 'mark returned'] as const;
