import type { Reaction } from '../policies/reaction.js';
import type { Erasure } from './personal-data.js';

/** Completes the erasure of a person where whoever began it did not come to its end. */
export const erasingWhoIsErased = ({ erase }: Erasure): Reaction => ({
  name: 'platform/erase',
  category: 'user',
  type: 'UserErased',
  after: 'grace',
  react: async ({ data }) => erase(String(data['userId'])),
});
