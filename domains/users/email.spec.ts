import { givenFor } from '../shared/testing/given.js';
import { upcast } from '../shared/upcast.js';
import type { EmailCommand } from './commands.js';
import { email } from './email.js';
import type { EmailEvent } from './events.js';
import { emailUpcasters } from './upcasters.js';

const given = givenFor(email);
const claimedAt = '2026-01-01T00:00:00.000Z';
const claim = (holder: string, claimId = holder): EmailCommand => ({
  type: 'ClaimEmail',
  data: { claim: { holder, claimId, claimedAt } },
});
const claimed = (userId: string, claimId = userId): EmailEvent => ({
  type: 'EmailClaimed',
  data: { userId, claimId, claimedAt },
});
const released: EmailEvent = { type: 'EmailReleased', data: { userId: 'u1' } };

describe('an email address', () => {
  it('is claimed', () => given().when(claim('u1')).thenEmits(claimed('u1')));
  it('ignores a repeat of the claim', () => given(claimed('u1')).when(claim('u1')).thenEmits());
  it('is not claimed by another', () => given(claimed('u1')).when(claim('u2')).thenRejects('user.email_taken'));
  it('is not claimed by its holder for two changes at once', () =>
    given(claimed('u1', 'change1')).when(claim('u1', 'change2')).thenRejects('command.conflict'));
  it('is claimed by another once released', () =>
    given(claimed('u1'), released).when(claim('u2')).thenEmits(claimed('u2')));
});

describe.each(['ReleaseEmail', 'SettleEmailClaim'] as const)('%s', (type) => {
  const release = (holder: string, claimId = holder): EmailCommand => ({ type, data: { claim: { holder, claimId } } });
  it('releases the address', () => given(claimed('u1')).when(release('u1')).thenEmits(released));
  it('is ignored when repeated', () => given(claimed('u1'), released).when(release('u1')).thenEmits());
  it('leaves the claim of another', () => given(claimed('u1')).when(release('u2')).thenEmits());
  it('leaves another claim of the same person', () => given(claimed('u1', 'change1')).when(release('u1')).thenEmits());
  it('does nothing without a claim', () =>
    given(claimed('u1'))
      .when({ type, data: { claim: null } })
      .thenEmits());
});

describe('a claim of the first schema version', () => {
  it('is the one of the registration', () =>
    expect(upcast(emailUpcasters, { type: 'EmailClaimed', data: { userId: 'u1' } }, 1, 2)).toEqual({
      userId: 'u1',
      claimId: 'u1',
      claimedAt: '1970-01-01T00:00:00.000Z',
    }));
});
