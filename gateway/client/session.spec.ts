import { createSession, type Tokens } from './session.js';
import { startFakeGateway, type Came, type FakeGateway, type Told } from './testing/fake-gateway.js';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const who = { email: 'ada@example.org', password: 'analytical engine' };
const expired: Told = { status: 401, body: { code: 'auth.expired_token', detail: 'Sign in again' } };

/** Gives numbered tokens; `answer` is asked first. */
const tokensUnless = (answer: (came: Came) => Told | undefined) => {
  let given = 0;
  gateway.answer((came) => {
    const told = answer(came);
    if (told || came.path.endsWith('/logout')) return told ?? { body: {} };
    given += 1;
    return { body: { accessToken: `access-${given}`, refreshToken: `refresh-${given}` } };
  });
};

const signedIn = async () => {
  const session = createSession(gateway.url);
  await session.signIn(who);
  return session;
};

/** What was asked after signing in. */
const asked = () =>
  gateway.came
    .slice(1)
    .map(({ path, headers, body }) =>
      [
        path.replace('/api/v1/auth/', ''),
        headers.authorization,
        (JSON.parse(body) as { refreshToken: string }).refreshToken,
      ]
        .filter(Boolean)
        .join(' '),
    );

describe('signing out', () => {
  it('ends the session', async () => {
    tokensUnless(() => undefined);
    const session = await signedIn();
    await session.signOut();
    await session.signOut();
    expect(asked()).toEqual(['logout Bearer access-1 refresh-1']);
    expect(session.accessToken()).toBeUndefined();
  });

  it('ends it where the access token has expired as well', async () => {
    tokensUnless(({ headers }) => (headers.authorization === 'Bearer access-1' ? expired : undefined));
    const session = await signedIn();
    await session.signOut();
    expect(asked()).toEqual([
      'logout Bearer access-1 refresh-1',
      'refresh refresh-1',
      'logout Bearer access-2 refresh-2',
    ]);
  });

  it('is done where the session is over already', async () => {
    tokensUnless(({ path }) => (path.endsWith('/token') ? undefined : expired));
    const session = await signedIn();
    await session.signOut();
    expect(session.accessToken()).toBeUndefined();
  });

  it('is told where it fails, and forgets the tokens all the same', async () => {
    tokensUnless(({ path }) =>
      path.endsWith('/logout') ? { status: 503, body: { code: 'service.unavailable', detail: 'Away' } } : undefined,
    );
    const session = await signedIn();
    await expect(session.signOut()).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(session.accessToken()).toBeUndefined();
  });

  it('ends what a renewal under way gets, and stays signed out', async () => {
    tokensUnless(() => undefined);
    const session = await signedIn();
    const renewing = session.renew('access-1');
    await session.signOut();
    expect(await renewing).toBe(false);
    expect(session.accessToken()).toBeUndefined();
    expect(asked()).toEqual(['refresh refresh-1', 'logout Bearer access-2 refresh-2']);
  });
});

describe('tokens that are kept elsewhere', () => {
  /** Somewhere that outlives a session. */
  const place = (before: Tokens | null = null) => {
    let tokens = before;
    return { read: () => tokens, write: (given: Tokens | null) => void (tokens = given) };
  };

  it('are those of the next session, each in the place of the one before', async () => {
    tokensUnless(() => undefined);
    const kept = place();
    const first = createSession(gateway.url, kept);
    await first.signIn(who);
    expect(createSession(gateway.url, kept).accessToken()).toBe('access-1');
    await first.renew('access-1');
    expect(createSession(gateway.url, kept).accessToken()).toBe('access-2');
    await first.signOut();
    expect(kept.read()).toBeNull();
  });

  it('are forgotten where the session is over', async () => {
    tokensUnless(({ path }) => (path.endsWith('/refresh') ? expired : undefined));
    const kept = place({ accessToken: 'old', refreshToken: 'older' });
    expect(await createSession(gateway.url, kept).renew('old')).toBe(false);
    expect(kept.read()).toBeNull();
  });
});

describe('a renewal', () => {
  it('that ends after somebody else signed in is not for them', async () => {
    let answerRenewal: () => void = () => undefined;
    gateway.answer(({ path }, response) => {
      const tokens = (of: string) => ({ accessToken: `access ${of}`, refreshToken: `refresh ${of}` });
      if (!path.endsWith('/refresh')) return { body: tokens(String(gateway.came.length)) };
      answerRenewal = () => void response.end(JSON.stringify(tokens('renewed')));
      return undefined;
    });
    const session = await signedIn();
    const renewing = session.renew('access 1');
    await session.signIn(who);
    const theirs = session.accessToken();
    answerRenewal();
    expect(await renewing).toBe(false);
    expect(session.accessToken()).toBe(theirs);
  });
});
