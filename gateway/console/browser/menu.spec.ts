import { menuFor } from './menu.js';

it.each([
  [['staff'], ['Orders', 'Sagas']],
  [['auditor'], ['Streams', 'Replays', 'Verification']],
  [['admin'], ['Projections', 'Streams', 'Replays', 'Verification']],
  [['customer'], []],
])('leads %j to %j', (roles, names) => expect(menuFor({ userId: 'u1', roles }).map(({ name }) => name)).toEqual(names));
