import type { Person, Role, UserEvent } from '../../domains/users/events.js';
import type { ProjectedEvent, Projection } from '../shared/projection.js';

/** An account. What the person told of themselves is `null` where it was not told, or can no longer be read. */
export type Account = Person &
  Readonly<{
    id: string;
    roles: readonly Role[];
    status: 'ACTIVE' | 'DEACTIVATED';
    registeredAt: string;
  }>;

/** Accounts: of an erased person there is none any more. */
export const accounts: Projection<UserEvent, Account> = {
  name: 'accounts',
  version: 1,
  store: 'postgres',
  categories: ['user'],
  personal: ['email', 'name', 'phone'],
  key: ({ data }) => data.userId,
  project: (event, row) => (event.type === 'UserRegistered' ? registered(event) : row && after(event, row)),
};

const registered = ({
  data: { userId, email, name, phone, roles },
  at,
}: ProjectedEvent<Extract<UserEvent, { type: 'UserRegistered' }>>): Account => ({
  id: userId,
  email,
  name,
  phone,
  roles,
  status: 'ACTIVE',
  registeredAt: at,
});

const after = ({ type, data }: UserEvent, account: Account): Account | null => {
  switch (type) {
    case 'UserProfileChanged': {
      const { email, name, phone } = data;
      return { ...account, email, name, phone };
    }
    case 'UserRolesChanged':
      return { ...account, roles: data.roles };
    case 'UserDeactivated':
      return { ...account, status: 'DEACTIVATED' };
    case 'UserErased':
      return null;
    // An erasure that was asked for may yet be withdrawn.
    case 'ErasureRequested':
    case 'ErasureWithdrawn':
    case 'UserRegistered':
    case 'RegistrationAbandoned':
      return account;
  }
};
