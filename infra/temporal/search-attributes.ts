import { defineSearchAttributeKey } from '@temporalio/common';

/**
 * What workflows can be searched by in Temporal, besides what it knows of every workflow. Names and types are a contract
 * with its database: add to them, change none. Nothing personal: they are kept readable.
 */
export const searchAttributes = {
  orderId: defineSearchAttributeKey('OrderId', 'KEYWORD'),
  customerId: defineSearchAttributeKey('CustomerId', 'KEYWORD'),
  sagaStatus: defineSearchAttributeKey('SagaStatus', 'KEYWORD'),
  sagaStep: defineSearchAttributeKey('SagaStep', 'KEYWORD'),
  /** In minor units of the order's currency. */
  orderTotal: defineSearchAttributeKey('OrderTotal', 'INT'),
} as const;
