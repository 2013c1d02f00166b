import { roleNames, type Role } from '../../domains/users/commands.js';
import { examples } from '../http/examples.js';
import { Email, Example, Id, Instant, ListOf, ListOfNames, Nullable, OneOf, Text } from '../http/fields.js';
import { PageDto } from '../http/shapes.js';

const ada = { id: examples.userId, email: 'ada@example.com', name: 'Ada Lovelace', roles: ['customer'] };

/** An account that was just made. */
@Example(ada)
export class RegisteredUserAnswer {
  @Id()
  id!: string;

  @Email()
  email!: string;

  @Text(200)
  name!: string;

  @ListOfNames(roleNames)
  roles!: readonly Role[];
}

/** What a person told of themselves is `null` where they did not, and where it can no longer be read. */
@Example({ ...ada, phone: null })
export class ProfileAnswer {
  @Id()
  id!: string;

  @Nullable()
  @Text(254)
  email!: string | null;

  @Nullable()
  @Text(200)
  name!: string | null;

  @Nullable()
  @Text(40)
  phone!: string | null;

  @ListOfNames(roleNames)
  roles!: readonly Role[];
}

@Example({ ...ada, phone: null, status: 'ACTIVE', registeredAt: examples.at })
export class AccountAnswer extends ProfileAnswer {
  @OneOf(['ACTIVE', 'DEACTIVATED'])
  status!: string;

  @Instant()
  registeredAt!: string;
}

@Example({ items: [{ ...ada, phone: null, status: 'ACTIVE', registeredAt: examples.at }], nextCursor: null })
export class AccountsAnswer extends PageDto {
  @ListOf(AccountAnswer, 100)
  items!: readonly AccountAnswer[];
}

@Example({ id: examples.userId, roles: ['customer', 'staff'] })
export class RolesAnswer {
  @Id()
  id!: string;

  @ListOfNames(roleNames)
  roles!: readonly Role[];
}
