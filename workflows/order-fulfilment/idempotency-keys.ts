import { v5 } from 'uuid';

/** Fixed for ever: with another one, the repeats of steps under way would take effect a second time. */
const namespace = '5f0d7f0e-6a3b-4a55-9d8e-2c1f5b7a9e34';

/** The steps of the workflows that have an effect, and so a key. */
export type KeyedStep =
  | 'reserve'
  | 'release'
  | 'return'
  | 'commit'
  | 'authorise'
  | 'void'
  | 'void-unanswered'
  | 'capture'
  | 'refund'
  | 'mark-paid'
  | 'reject'
  | 'cancel'
  | 'abort'
  | 'step-failed'
  | 'recovered'
  | 'create-shipment'
  | 'cancel-shipment'
  | 'return-shipment'
  | 'mark-shipped'
  | 'mark-delivered'
  | 'mark-returned';

/**
 * The idempotency key of a step: `<workflowId>/<step>/<attempt>`, then `/<productId>` where a step fans out.
 *
 * @param attempt counts business attempts, such as another payment method; a technical retry has the key of the first.
 */
export const keyOf = (workflowId: string, step: KeyedStep, attempt: number, productId?: string): string =>
  [workflowId, step, attempt, ...(productId === undefined ? [] : [productId])].join('/');

/** The id under which a name, a key or a key with the command's part in its step, is known outside Temporal. */
export const idNamed = (name: string): string => v5(name, namespace);
