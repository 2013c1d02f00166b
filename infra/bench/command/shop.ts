import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '../../event-store/event-store.js';

/** Somebody who may order, and what there is to order. */
export type Shop = Readonly<{
  buyers: readonly Readonly<{ userId: string; token: string }>[];
  productIds: readonly string[];
}>;

/** How many events the stream of a buyer, and that of a product, has. */
const streamLength = 20;
const buyers = 10;
const products = 50;

/** Makes a shop through the public API, and lets its streams grow as they do over the years. */
export const openShop = async (
  api: string,
  eventStore: EventStore,
  admin: Readonly<{ email: string; password: string }>,
): Promise<Shop> => {
  const send = sendTo(api);
  const staff = await tokenOf(api, admin);

  const productIds: string[] = [];
  for (let count = 0; count < products; count += 1) {
    const product = { sku: randomUUID(), name: 'Mug', description: 'A mug.', categories: [] };
    const price = { amount: 950, currency: 'EUR' };
    const { id } = await send<{ id: string }>('POST', '/products', { ...product, price }, staff);
    for (let change = 1; change < streamLength; change += 1)
      await send('PUT', `/products/${id}`, { ...product, price: { ...price, amount: 950 + change } }, staff);
    productIds.push(id);
  }

  const people: { userId: string; token: string }[] = [];
  for (let count = 0; count < buyers; count += 1) {
    const who = { email: `${randomUUID()}@example.org`, password: randomUUID() };
    const { id } = await send<{ id: string }>('POST', '/users', { ...who, name: 'Ada' });
    await changeRoles(eventStore, id);
    people.push({ userId: id, token: await tokenOf(api, who) });
  }
  return { buyers: people, productIds };
};

/** The access token of somebody; the first account is made just after the gateway answers. */
export const tokenOf = (api: string, who: Readonly<{ email: string; password: string }>): Promise<string> =>
  soon(async () => (await sendTo(api)<{ accessToken: string }>('POST', '/auth/token', who)).accessToken);

const sendTo =
  (api: string) =>
  async <Answer>(method: string, path: string, body: unknown, token?: string): Promise<Answer> => {
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(`${api}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path} gave ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };

const soon = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (let tries = 1; tries < 100; tries += 1) {
    try {
      return await work();
    } catch {
      await pause(100);
    }
  }
  return work();
};

const changeRoles = async (eventStore: EventStore, userId: string) => {
  const commandId = randomUUID();
  const metadata = {
    $correlationId: commandId,
    $causationId: commandId,
    commandId,
    actor: '(bench)',
    at: new Date().toISOString(),
    schemaVersion: 1,
    traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
  };
  const events = Array.from({ length: streamLength - 1 }, () => ({
    id: randomUUID(),
    type: 'UserRolesChanged',
    data: { userId, roles: ['customer'] },
    metadata,
  }));
  await eventStore.append(`user-${userId}`, events, 0);
};
