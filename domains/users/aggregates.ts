import type { Aggregate } from '../shared/service.js';
import type { EmailCommand, UserCommand } from './commands.js';
import { email, type Email } from './email.js';
import { emailEvents, userEvents, type EmailEvent, type UserEvent } from './events.js';
import { emailUpcasters, userUpcasters } from './upcasters.js';
import { user, type User } from './user.js';

/** Streams `user-<userId>`. */
export const userAggregate: Aggregate<User, UserCommand, UserEvent> = {
  category: 'user',
  readMostly: true,
  decider: user,
  events: userEvents,
  upcasters: userUpcasters,
};

/** Streams `email-<hmac>`. */
export const emailAggregate: Aggregate<Email, EmailCommand, EmailEvent> = {
  category: 'email',
  decider: email,
  events: emailEvents,
  upcasters: emailUpcasters,
};
