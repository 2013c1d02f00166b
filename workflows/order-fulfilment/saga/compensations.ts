import type { Fulfilment } from '../fulfilment.js';
import type { Call } from './calls.js';
import { orderSteps } from './steps.js';

/** What undoes a step that was begun. Each bears repeats, and that its step has done nothing. */
export type Compensation = Readonly<{ step: string; undo: Call<unknown> }>;

type Payment = Readonly<{ attempt: number; amount: Fulfilment['total'] }>;
type Captured = Omit<Payment, 'attempt'>;

export const undoReserve = (productId: string): Compensation => ({
  step: `${orderSteps.reserve.undo} ${productId}`,
  undo: (can, cause) => can.releaseStock({ cause, productId }),
});

export const undoAuthorise = ({ attempt, amount }: Payment): Compensation => ({
  step: orderSteps.authorise.undo,
  undo: (can, cause) => can.voidPayment({ cause, attempt, amount }),
});

export const undoCapture = ({ amount }: Captured): Compensation => ({
  step: orderSteps.capture.undo,
  undo: (can, cause) => can.undoCapture({ cause, amount }),
});

export const undoCreateShipment: Compensation = {
  step: orderSteps['create shipment'].undo,
  undo: (can, cause) => can.cancelShipment(cause),
};

/**
 * The undo of all that can have been begun. A worker that dies takes along what it did within a workflow task: whoever
 * does the task again may be told to go back before it comes as far as the first did. It may have tried every payment
 * method that the order knows by now.
 */
export const undoEverything = ({ lines, total: amount, offeredMethods }: Fulfilment): Compensation[] => [
  ...inOrderOfProducts(lines).map(({ productId }) => undoReserve(productId)),
  undoAuthorise({ attempt: 1 + offeredMethods.length, amount }),
  undoCapture({ amount }),
  undoCreateShipment,
];

/** The same order in every saga, so that two of them meet at the same product first. */
export const inOrderOfProducts = (lines: Fulfilment['lines']): Fulfilment['lines'] =>
  [...lines].sort((a, b) => (a.productId < b.productId ? -1 : 1));
