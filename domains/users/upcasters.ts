import type { Upcasters } from '../shared/upcast.js';

export const userUpcasters: Upcasters = {
  UserRegistered: { 1: (data) => ({ ...data, emailHash: null }) },
};

export const emailUpcasters: Upcasters = {
  // Addresses were claimed by registration only, and its claim has the id of the person.
  EmailClaimed: { 1: (data) => ({ ...data, claimId: data['userId'], claimedAt: '1970-01-01T00:00:00.000Z' }) },
};
