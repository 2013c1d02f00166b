import type { ViewIndexes } from '../shared/mongo-view.js';

/** What lists are sorted and filtered by. */
export const catalogIndexes: ViewIndexes = [
  { 'row.kind': 1, 'row.name': 1, _id: 1 },
  { 'row.kind': 1, 'row.price.amount': 1, _id: 1 },
  { 'row.categories': 1 },
  { 'row.words': 1 },
];
