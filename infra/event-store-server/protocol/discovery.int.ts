import { Metadata, credentials } from '@grpc/grpc-js';
import { EventStoreDBClient, UnavailableError } from '@eventstore/db-client';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { startServer } from '../server.js';
import { startSecureStore, ops } from '../testing/secure-store.js';
import { collect, counted, numbersOf } from '../testing/events.js';
import { startStore, type TestStore } from '../testing/store.js';

let store: TestStore;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.end());

const discovering = (url: string) => EventStoreDBClient.connectionString(url.replace('esdb://', 'esdb+discover://'));

const read = (client: EventStoreDBClient) =>
  collect(client.readStream('found')).then(numbersOf, (error: unknown) => {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  });

const membersSeenAs = (authority: string) => {
  const options = { 'grpc.default_authority': authority };
  const client = new gossipService.GossipClient(
    `127.0.0.1:${store.server.port}`,
    credentials.createInsecure(),
    options,
  );
  return new Promise<gossip.ClusterInfo>((resolve, reject) => {
    client.read(new shared.Empty(), new Metadata(), (error, answer) => (error ? reject(error) : resolve(answer)));
  }).finally(() => client.close());
};

it('is found by a client that discovers, also after a restart', async () => {
  const own = await startStore();
  const client = discovering(own.server.url);
  await client.appendToStream('found', counted(1));
  await own.server.stop();
  const again = await startServer({ file: own.file, host: '127.0.0.1', port: own.server.port });
  // The client learns of the end by the first calls that fail.
  let events = await read(client);
  for (let tries = 0; tries < 10 && !events; tries += 1) events = await read(client);
  expect(events).toEqual([0]);
  await client.dispose();
  await again.stop();
  await own.end();
});

it('is found among several hosts that are not there', async () => {
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:1,127.0.0.1:${store.server.port}?tls=false`);
  expect((await client.appendToStream('several', counted(1))).success).toBe(true);
  await client.dispose();
});

it('is found over TLS', async () => {
  const secure = await startSecureStore();
  const client = discovering(
    secure.server.url.replace('esdb://', `esdb://${ops.name}:${encodeURIComponent(ops.password)}@`),
  );
  expect((await client.appendToStream('found', counted(1))).success).toBe(true);
  await client.dispose();
  await secure.end();
});

it.each([
  ['store.example:12345', 'store.example', 12_345],
  ['192.0.2.1:2113', '192.0.2.1', 2_113],
  ['[2001:db8::1]:2113', '[2001:db8::1]', 2_113],
  ['[2001:db8::1]', '[2001:db8::1]', 80],
  ['store.example', 'store.example', 80],
])('is one leader, reached as %s', async (authority, address, port) => {
  const members = (await membersSeenAs(authority)).getMembersList();
  expect(members).toHaveLength(1);
  const [member] = members as [gossip.MemberInfo];
  expect(member.getState()).toBe(gossip.MemberInfo.VNodeState.LEADER);
  expect(member.getIsAlive()).toBe(true);
  expect(member.getHttpEndPoint()?.toObject()).toEqual({ address, port });
  expect(member.getInstanceId()?.getString()).toMatch(/^[0-9a-f-]{36}$/);
  expect(member.getTimeStamp()).toMatch(/^\d{17}$/);
  const [again] = (await membersSeenAs(authority)).getMembersList() as [gossip.MemberInfo];
  expect(again.getInstanceId()).toEqual(member.getInstanceId());
});

it('lists the methods that are served, and no other', async () => {
  const client = new featuresService.ServerFeaturesClient(
    `127.0.0.1:${store.server.port}`,
    credentials.createInsecure(),
  );
  const answer = await new Promise<features.SupportedMethods>((resolve, reject) => {
    client.getSupportedMethods(new shared.Empty(), (error, found) => (error ? reject(error) : resolve(found)));
  }).finally(() => client.close());
  const paths = answer.getMethodsList().map((method) => `${method.getServiceName()}/${method.getMethodName()}`);
  expect(paths.sort()).toEqual([
    'event_store.client.gossip.gossip/read',
    'event_store.client.server_features.serverfeatures/getsupportedmethods',
    'event_store.client.streams.streams/append',
    'event_store.client.streams.streams/batchappend',
    'event_store.client.streams.streams/delete',
    'event_store.client.streams.streams/read',
    'event_store.client.streams.streams/tombstone',
  ]);
});
