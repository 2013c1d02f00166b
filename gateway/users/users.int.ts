import { DomainError } from '../../domains/shared/errors.js';
import { aString, callAt, expectProblem, person, useGateway } from '../http/testing/client.js';

const { call, gateway } = useGateway();

describe('a person', () => {
  it('registers, signs in, stays signed in and signs out', async () => {
    const registered = await call('POST', '/users', { body: person });
    const id = registered.body['id'];
    expect({ status: registered.status, body: registered.body }).toEqual({
      status: 201,
      body: { id: aString, email: person.email, name: 'Ada', roles: ['customer'] },
    });
    const { email, password } = person;
    const signedIn = await call('POST', '/auth/token', { body: { email, password } });
    expect(signedIn.headers.get('cache-control')).toBe('no-store');
    expect(signedIn.body).toEqual({
      accessToken: `${String(id)}:customer`,
      refreshToken: `refresh ${String(id)}`,
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    const { refreshToken } = signedIn.body;
    expect((await call('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(200);
    expect((await call('POST', '/auth/logout', { as: 'ada:customer', body: { refreshToken } })).status).toBe(204);
  });

  it('signs in and stays signed in whatever the idempotency key, and no answer with tokens is stored', async () => {
    await call('POST', '/users', { body: person });
    const headers = { 'idempotency-key': 'x'.repeat(300) };
    const signIn = (password: string) =>
      call('POST', '/auth/token', { body: { email: person.email, password }, headers });
    const signedIn = await signIn(person.password);
    expect([signedIn.status, (await signIn('wrong')).status]).toEqual([200, 401]);
    const { refreshToken } = signedIn.body;
    const refreshed = await call('POST', '/auth/refresh', { body: { refreshToken }, headers });
    expect([refreshed.status, refreshed.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  it('leaves no credentials where the email is taken', async () => {
    gateway().refuse(new DomainError('user.email_taken', 'Another account uses this email address'));
    expectProblem(await call('POST', '/users', { body: person }), 409, 'user.email_taken');
    expect(gateway().kept.size).toBe(0);
  });

  it('keeps the credentials where the outcome is not known', async () => {
    gateway().refuse(new DomainError('service.unavailable', 'Try again soon'));
    expectProblem(await call('POST', '/users', { body: person }), 503, 'service.unavailable');
    expect(gateway().kept.size).toBe(1);
  });

  it('is another with another address, also with the key that somebody else chose', async () => {
    const headers = { 'idempotency-key': '1' };
    const ada = await call('POST', '/users', { body: person, headers });
    const eve = await call('POST', '/users', { body: { ...person, email: 'eve@example.com' }, headers });
    expect(eve.body['id']).not.toBe(ada.body['id']);
  });

  it.each([
    { email: person.email, password: 'wrong' },
    { email: 'nobody@example.com', password: 'x' },
  ])('does not sign in with %j', async (body) => {
    await call('POST', '/users', { body: person });
    expectProblem(await call('POST', '/auth/token', { body }), 401, 'auth.bad_credentials');
  });
});

it('the public keys may be kept for less time than a new one waits before it signs', async () => {
  const { status, headers } = await callAt(gateway().url, 'GET', '/.well-known/jwks.json');
  expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
});
