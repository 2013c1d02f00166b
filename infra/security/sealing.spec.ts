import { randomBytes } from 'node:crypto';
import { isSealed, keptSealed, openEvent, openKept, sealEvent, withoutPersonal } from './sealing.js';

const schema = { version: 1, personal: { subject: 'userId', fields: ['email', 'address', 'phone'] } };
const data = { userId: 'u1', email: 'ada@example.org', address: { city: 'London' }, phone: null, roles: ['customer'] };
const event = { type: 'UserRegistered', data };

const keysOf = (known: Record<string, Buffer>) => ({
  keyFor: (subject: string) => Promise.resolve((known[subject] ??= randomBytes(32))),
  find: (subject: string) => Promise.resolve(known[subject] ?? null),
});

describe('sealing the personal fields of an event', () => {
  it('hides them and nothing else', async () => {
    const sealed = await sealEvent(keysOf({}), event, schema);
    expect(JSON.stringify(sealed)).not.toMatch(/ada|London/);
    expect(isSealed(sealed['email']) && isSealed(sealed['address'])).toBe(true);
    expect(sealed).toMatchObject({ userId: 'u1', phone: null, roles: ['customer'] });
  });
  it('is undone by the same key', async () => {
    const keys = keysOf({});
    const sealed = await sealEvent(keys, event, schema);
    expect(await openEvent(keys, { type: event.type, data: sealed }, schema)).toEqual(data);
  });
  it('is not undone once the key is gone', async () => {
    const sealed = await sealEvent(keysOf({}), event, schema);
    expect(await openEvent(keysOf({}), { type: event.type, data: sealed }, schema)).toEqual({
      ...data,
      email: null,
      address: null,
    });
  });
  it("is not undone in another's name", async () => {
    const keys = keysOf({ u2: Buffer.alloc(32, 1), u1: Buffer.alloc(32, 1) });
    const sealed = await sealEvent(keys, event, schema);
    const stolen = { type: event.type, data: { ...sealed, userId: 'u2' } };
    expect(await openEvent(keys, stolen, schema)).toMatchObject({ email: null, address: null });
  });
  it('is refused for a person who was erased, of whom nothing could be read again', async () => {
    const keys = { ...keysOf({}), keyFor: () => Promise.resolve(null) };
    await expect(sealEvent(keys, event, schema)).rejects.toMatchObject({ code: 'user.not_found' });
  });
  it('lets an event of a person who was erased pass where it tells nothing personal', async () => {
    const keys = { ...keysOf({}), keyFor: () => Promise.resolve(null) };
    const erased = { ...data, email: null, address: undefined };
    expect(await sealEvent(keys, { ...event, data: erased }, schema)).toEqual(erased);
  });
  it('leaves events without personal fields as they are', async () => {
    expect(await sealEvent(keysOf({}), event, { version: 1 })).toBe(data);
  });
  it('refuses an event that names nobody', async () => {
    await expect(sealEvent(keysOf({}), { type: 'X', data: { email: 'a' } }, schema)).rejects.toThrow('names nobody');
  });
  it('gives deciders null in their place', () => {
    expect(withoutPersonal(event, schema)).toEqual({ ...data, email: null, address: null });
  });
});

describe('a sealed field that a view keeps', () => {
  it('is text, which is opened with the key of the person', async () => {
    const keys = keysOf({ u1: Buffer.alloc(32, 1) });
    const kept = keptSealed(await sealEvent(keys, event, schema), schema);
    expect(kept['email']).toMatch(/^sealed:/);
    expect(await openKept(keys, 'u1', ['email', 'address'], kept)).toEqual(data);
  });

  it('is null once the key is gone, and what was never sealed stays', async () => {
    const kept = keptSealed(await sealEvent(keysOf({ u1: Buffer.alloc(32, 1) }), event, schema), schema);
    expect(
      await openKept<Record<string, unknown>>(keysOf({}), 'u1', ['email'], { ...kept, address: null }),
    ).toMatchObject({
      email: null,
      address: null,
    });
  });

  it('asks for no key where nothing is sealed', async () => {
    const keys = { find: () => Promise.reject(new Error('asked')) };
    expect(await openKept(keys, 'u1', ['email'], { email: null })).toEqual({ email: null });
  });
});
