import { givenFor } from '../shared/given.js';
import type { ClaimEmail } from './commands.js';
import { email } from './email.js';
import type { EmailEvent } from './events.js';

const given = givenFor(email);
const claimBy = (userId: string): ClaimEmail => ({ type: 'ClaimEmail', data: { userId } });
const claimedBy = (userId: string): EmailEvent => ({ type: 'EmailClaimed', data: { userId } });

describe('an email address', () => {
  it('is claimed', () => given().when(claimBy('u1')).thenEmits(claimedBy('u1')));
  it('ignores a repeat of the claim', () => given(claimedBy('u1')).when(claimBy('u1')).thenEmits());
  it('is not claimed by another', () => given(claimedBy('u1')).when(claimBy('u2')).thenRejects('user.email_taken'));
});
