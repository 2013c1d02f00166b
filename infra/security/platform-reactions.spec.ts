import { randomUUID } from 'node:crypto';
import type { StreamEvent } from '../event-store/stored-event.js';
import { platformReactions } from './platform-reactions.js';

const nothing = () => Promise.resolve();

it('a change of roles ends the sessions that began before it, where nobody has done so', async () => {
  const ended: unknown[] = [];
  const reactions = platformReactions({
    bus: { send: () => Promise.reject(new Error('nothing is sent')), ask: () => Promise.resolve(null) },
    erasure: { erase: nothing },
    credentials: { move: nothing, drop: nothing, confirm: nothing, unconfirmedFor: () => Promise.resolve([]) },
    refreshTokens: {
      revokeAllOf: async (...given) => {
        ended.push(given);
        return Promise.resolve();
      },
    },
    graceSeconds: 60,
  });
  const at = '2026-01-01T00:00:00.000Z';
  const metadata = { $correlationId: 'c', $causationId: 'c', commandId: 'c', actor: 'root', at, schemaVersion: 1 };
  const event: StreamEvent = {
    ...{ id: randomUUID(), streamId: 'user-ada', category: 'user', revision: 1, position: null },
    ...{ type: 'UserRolesChanged', data: { userId: 'ada', roles: ['staff'] }, created: new Date(at) },
    metadata: { ...metadata, traceparent: '' },
  };
  await reactions.find(({ type }) => type === event.type)?.react(event);
  expect(ended).toEqual([['ada', { begunBefore: new Date(at) }]]);
});
