import type { Lookups } from '../../infra/security/lookups.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { basePath, command, type Route } from '../http/route.js';
import { createdAt } from '../http/success.js';
import { RegisteredUserAnswer } from './answers.js';
import { RegistrationDto } from './dto.js';
import { registerUser, type RegistrationParts } from './registration.js';

/** Accounts. */
export const userRoutes = (parts: RegistrationParts & Readonly<{ lookups: Lookups }>): readonly Route[] => [
  command(
    'POST',
    '/users',
    {
      id: 'registerUser',
      summary: 'Registers a person',
      access: 'public',
      body: RegistrationDto,
      answers: createdAt(RegisteredUserAnswer),
      refuses: ['user.email_taken', 'user.already_registered', 'user.registration_abandoned'],
    },
    async (request) => {
      const { email, name, phone = null, password } = request.body;
      const emailHash = await parts.lookups.emailHash(email);
      // Strangers can choose the same key: with the address in it, they cannot come upon each other's account.
      const { newId: id, message } = await commandContext(request, parts.lookups, `(anonymous) ${emailHash}`);
      const roles = ['customer'] as const;
      const user = { userId: id, email, emailHash, name, phone, roles };
      const receipt = await registerUser(parts, { user, password, message });
      return commandAnswer(receipt, {
        status: 201,
        headers: { Location: `${basePath}/users/${id}` },
        body: { id, email, name, roles },
      });
    },
  ),
];
