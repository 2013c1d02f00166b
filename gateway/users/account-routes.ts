import type { Profile } from '../../domains/users/commands.js';
import type { Credentials } from '../../infra/security/credentials.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { RefreshTokens } from '../../infra/security/refresh-tokens.js';
import { emailName, sendClaiming, type ClaimingParts } from '../http/claimed-names.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { command, type Route } from '../http/route.js';
import { noContent, ok } from '../http/success.js';
import { ProfileAnswer, RolesAnswer } from './answers.js';
import { ProfileChangeDto, RolesChangeDto } from './dto.js';
import { erasePerson, type ErasingParts } from './erasing.js';
import { refuseWithOpenOrders, type OpenOrdersParts } from './open-orders.js';
import { accountNotFound, reachable } from './own-account.js';

export type AccountParts = ClaimingParts &
  OpenOrdersParts &
  ErasingParts &
  Readonly<{
    lookups: Lookups;
    credentials: Pick<Credentials, 'move'>;
    refreshTokens: Pick<RefreshTokens, 'revokeAllOf'>;
  }>;

/** What becomes of an account after it was made. */
export const accountRoutes = (parts: AccountParts): readonly Route[] => {
  const { bus, lookups, credentials, refreshTokens } = parts;

  const profileOf = async (userId: string): Promise<Profile> => {
    const profile = (await bus.ask('users', 'profileOf', { userId })) as Profile | null;
    if (!profile) throw accountNotFound(userId);
    return profile;
  };

  return [
    command(
      'PUT',
      '/users/:id',
      {
        id: 'changeProfile',
        summary: 'Changes a profile; what is left out stays as it is',
        access: 'signed_in',
        body: ProfileChangeDto,
        answers: ok(ProfileAnswer),
        refuses: ['user.not_found', 'user.email_taken', 'user.change_abandoned'],
      },
      async (request) => {
        const userId = reachable(request.caller, request.params.id);
        const { name = null, email = null, phone = null } = request.body;
        const { message } = await commandContext(request, lookups);
        const emailHash = email === null ? null : await lookups.emailHash(email);
        const presentEmailHash = await credentials.emailHashOf(userId);
        const change = message('ChangeProfile', { userId, name, email, emailHash, phone, presentEmailHash });
        const receipt =
          emailHash === null
            ? await bus.send('users', change)
            : await sendClaiming(parts, emailName(emailHash), change);
        const profile = await profileOf(userId);
        // The address of now: a repeat of an earlier change must not bring that one's back.
        if (profile.emailHash !== null) await credentials.move({ userId, emailHash: profile.emailHash });
        // Whoever signed in with the address of before has to sign in anew, but for whoever changes it.
        if (emailHash !== null && emailHash !== presentEmailHash)
          await refreshTokens.revokeAllOf(userId, { except: request.caller.sessionId });
        return commandAnswer(receipt, { status: 200, body: shown(profile) });
      },
    ),

    command(
      'PUT',
      '/users/:id/roles',
      {
        id: 'changeRoles',
        summary: 'Says which roles a person has',
        access: { roles: ['admin'] },
        body: RolesChangeDto,
        answers: ok(RolesAnswer),
        refuses: ['user.not_found'],
      },
      async (request) => {
        const { message } = await commandContext(request, lookups);
        const { roles } = request.body;
        const userId = request.params.id;
        const receipt = await bus.send('users', message('ChangeRoles', { userId, roles }));
        // Access tokens of before say the roles of before.
        await refreshTokens.revokeAllOf(userId);
        return commandAnswer(receipt, { status: 200, body: receipt.answer as RolesAnswer });
      },
    ),

    command(
      'DELETE',
      '/users/:id',
      {
        id: 'eraseUser',
        summary: 'Erases a person: their data can never be read again',
        access: 'signed_in',
        answers: noContent,
        refuses: ['user.not_found', 'user.has_open_orders', 'user.erasure_withdrawn', 'view.behind'],
      },
      async (request) => {
        const userId = reachable(request.caller, request.params.id);
        const { message } = await commandContext(request, lookups);
        const receipt = await erasePerson(parts, {
          userId,
          message,
          refuseWithOpenOrders: () => refuseWithOpenOrders(parts, userId, request.headers),
        });
        return commandAnswer(receipt, { status: 204 });
      },
    ),
  ];
};

const shown = ({ userId, email, name, phone, roles }: Profile) => ({ id: userId, email, name, phone, roles });
