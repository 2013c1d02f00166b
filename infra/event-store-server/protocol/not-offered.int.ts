import { once } from 'node:events';
import { credentials, type ServiceError } from '@grpc/grpc-js';
import { persistentSubscriptionToStreamSettingsFromDefaults } from '@eventstore/db-client';
import monitoringService from '@eventstore/db-client/generated/monitoring_grpc_pb.js';
import monitoring from '@eventstore/db-client/generated/monitoring_pb.js';
import operations from '@eventstore/db-client/generated/operations_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import users from '@eventstore/db-client/generated/users_grpc_pb.js';
import usersMessages from '@eventstore/db-client/generated/users_pb.js';
import { startStore, type TestStore } from '../testing/store.js';

let store: TestStore;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.end());

const unimplemented = 12;

describe('persistent subscriptions', () => {
  const refusal = { code: unimplemented, message: expect.stringContaining('use catch-up subscriptions') as string };

  it('cannot be made', async () => {
    const settings = persistentSubscriptionToStreamSettingsFromDefaults();
    await expect(store.client.createPersistentSubscriptionToStream('a', 'group', settings)).rejects.toMatchObject(
      refusal,
    );
    await expect(store.client.deletePersistentSubscriptionToStream('a', 'group')).rejects.toMatchObject(refusal);
  });

  it('cannot be read', async () => {
    const subscription = store.client.subscribeToPersistentSubscriptionToStream('a', 'group');
    subscription.resume();
    expect((await once(subscription, 'error')) as [unknown]).toMatchObject([refusal]);
  });
});

it('refuses server-side projections with what to use instead', async () => {
  const refusal = { code: unimplemented, message: expect.stringContaining('keep a read model') as string };
  await expect(store.client.createProjection('p', 'fromAll()')).rejects.toMatchObject(refusal);
  await expect(store.client.getProjectionStatus('p')).rejects.toMatchObject(refusal);
  await expect(store.client.getProjectionState('p')).rejects.toMatchObject(refusal);
});

it.each<[string, string, (address: string, answer: (error: ServiceError | null) => void) => void]>([
  [
    'operations',
    'evermart-eventstore scavenge',
    (address, answer) =>
      void new operations.OperationsClient(address, credentials.createInsecure()).shutdown(new shared.Empty(), answer),
  ],
  [
    'users',
    'evermart-eventstore users',
    (address, answer) =>
      void new users.UsersClient(address, credentials.createInsecure()).create(new usersMessages.CreateReq(), answer),
  ],
  [
    'monitoring',
    'GET /metrics',
    (address, answer) =>
      void new monitoringService.MonitoringClient(address, credentials.createInsecure())
        .stats(new monitoring.StatsReq())
        .on('error', answer)
        .resume(),
  ],
])('refuses %s with what to use instead', async (_service, sentence, call) => {
  const error = await new Promise((resolve) => call(`127.0.0.1:${store.server.port}`, resolve));
  expect(error).toMatchObject({ code: unimplemented, details: expect.stringContaining(sentence) as string });
});
