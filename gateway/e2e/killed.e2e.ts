import { v4 as randomId } from 'uuid';
import { createEventStore, type EventStore } from '../../infra/event-store/event-store.js';
import { createApiClient } from '../client/api-client.js';
import { eventually } from './testing/eventually.js';
import { startPlatformForTests, type RunningPlatform } from './testing/running-platform.js';
import { address, newProduct } from './testing/shop.js';

/** The gateway, whose process the domains run in, is killed in the middle of what it writes; the launcher starts it again. */
let platform: RunningPlatform;
let eventStore: EventStore;

beforeAll(async () => {
  platform = await startPlatformForTests({
    env: { GRACE_SECONDS: '1' },
    until: ['event-store', 'postgres', 'payment-provider', 'gateway'],
  });
  eventStore = createEventStore(platform.process('event-store').url);
});
afterAll(async () => {
  await eventStore.dispose();
  await platform.stop();
});

/** Kills the gateway (SIGKILL) the moment that `work` has stored its next event of a type. */
const killedAt = async (type: string, work: () => Promise<unknown>): Promise<void> => {
  const stop = new AbortController();
  const after = await eventStore.head();
  const working = work().catch(() => undefined);
  for await (const events of eventStore.follow(['user', 'email', 'cart', 'order'], {
    after,
    most: 1,
    signal: stop.signal,
  }))
    if (events.some((event) => event.type === type)) stop.abort();
  platform.killProcess('gateway');
  await working;
};

const typesOf = async (streamId: string): Promise<readonly string[]> => {
  const types: string[] = [];
  for await (const { type } of eventStore.readStream(streamId)) types.push(type);
  return types;
};

type Person = Readonly<{ email: string; password: string; name: string }>;
const newPerson = (): Person => ({ email: `${randomId()}@example.org`, password: randomId(), name: 'Ada' });
const register = (person: Person, key: string = randomId()) => createApiClient(platform.url).register(person, key);
const signIn = (person: Person) => createApiClient(platform.url).signIn(person);
const signsIn = (person: Person) =>
  signIn(person).then(
    () => true,
    () => false,
  );

const send = async (method: string, path: string, token: string, body?: object) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const content = body && { body: JSON.stringify(body) };
  const response = await fetch(`${platform.url}/api/v1${path}`, { method, headers, ...content });
  if (!response.ok) throw new Error(`${method} ${path} gave ${response.status}: ${await response.text()}`);
};

/** Somebody who has registered, and a token of theirs. */
const registered = async () => {
  const person = newPerson();
  const { id } = await eventually(() => register(person));
  const response = await fetch(`${platform.url}/api/v1/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: person.email, password: person.password }),
  });
  const { accessToken } = (await response.json()) as { accessToken: string };
  return { ...person, id, token: accessToken };
};

describe('when the gateway is killed', () => {
  it.each(['EmailClaimed', 'UserRegistered'])('after %s, somebody can register with that address', async (type) => {
    const person = newPerson();
    await killedAt(type, () => register(person));
    const again = { ...person, password: randomId() };
    const whoever = await eventually(async () => {
      if (await signsIn(person)) return person;
      await register(again);
      return again;
    });
    expect(await signsIn(whoever)).toBe(true);
    expect(await signsIn(whoever === person ? again : person)).toBe(false);
  });

  it.each(['EmailClaimed', 'UserProfileChanged'])(
    'after %s, a person has one address, and the other is free',
    async (type) => {
      const person = await registered();
      const moved = { ...person, email: `${randomId()}@example.org` };
      await killedAt(type, () => send('PUT', `/users/${person.id}`, person.token, { email: moved.email }));
      const [kept, freed] = await eventually(async () => {
        // People sign in with the old address until the change is carried out, and it is not free before.
        const [has, lacks] = (await signsIn(person)) ? [person, moved] : [moved, person];
        await register({ ...newPerson(), email: lacks.email });
        return [has, lacks] as const;
      });
      expect(await signsIn(kept)).toBe(true);
      expect(await signsIn(freed)).toBe(false);
    },
  );

  it('after CartCheckedOut, its order is placed', async () => {
    const productId = await eventually(() => newProduct(platform.staff, 0));
    const person = await registered();
    await send('PUT', `/cart/items/${productId}`, person.token, { quantity: 2 });
    const checkout = { paymentMethod: 'pm_ok', shippingAddress: address };
    await killedAt('CartCheckedOut', () => send('POST', '/cart/checkout', person.token, checkout));
    const ordered: string[] = [];
    for await (const { type, data } of eventStore.readStream(`cart-${person.id}`))
      if (type === 'CartCheckedOut') ordered.push(data['orderId'] as string);
    expect(ordered).toHaveLength(1);
    const types = await eventually(async () => {
      const found = await typesOf(`order-${ordered[0] ?? ''}`);
      return found.length > 0 && found;
    });
    expect(types).toContain('OrderPlaced');
    const ofCart = await eventually(async () => {
      const found = await typesOf(`cart-${person.id}`);
      return found.length > 2 && found;
    });
    expect(ofCart).toEqual(['CartItemSet', 'CartCheckedOut', 'CheckoutCompleted']);
  });

  it('after ErasureRequested, the person is as they were, and may ask again', async () => {
    const person = await registered();
    await killedAt('ErasureRequested', () => send('DELETE', `/users/${person.id}`, person.token));
    await eventually(async () => {
      const types = await typesOf(`user-${person.id}`);
      return types.includes('ErasureWithdrawn') || types.includes('UserErased');
    });
    await eventually(async () => {
      await send('DELETE', `/users/${person.id}`, person.token);
      return true;
    });
    expect(await signsIn(person)).toBe(false);
  });

  it('after UserErased, nothing is left of the person', async () => {
    const person = await registered();
    await killedAt('UserErased', () => send('DELETE', `/users/${person.id}`, person.token));
    await eventually(() => register({ ...newPerson(), email: person.email }));
    expect(await signsIn(person)).toBe(false);
    expect(await typesOf(`user-${person.id}`)).toContain('UserErased');
  });
});
