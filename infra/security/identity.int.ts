import { setTimeout as delay } from 'node:timers/promises';
import { decodeProtectedHeader } from 'jose';
import { pino } from 'pino';
import { isDomainError } from '../../domains/shared/errors.js';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { createAccessTokens } from './access-tokens.js';
import { followIdentity } from './identity-notices.js';
import { createSigningKeys } from './known-signing-keys.js';
import { createRefreshTokens } from './refresh-tokens.js';
import { createRevokedSessions } from './revoked-sessions.js';
import {
  retireLeakedCommand,
  retireSigningCommand,
  rotateSigningCommand,
  signingStatusCommand,
} from './rotation/signing-commands.js';

const masterKey = 'ab'.repeat(32);
const log = pino({ level: 'silent' });

let engines: EnginesForTests;
let postgres: Postgres;

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
});
afterAll(async () => {
  await postgres.end();
  await engines.stop();
});

/** Identity as one gateway has it. */
const startGateway = async () => {
  const signingKeys = createSigningKeys({ postgres, masterKey });
  const revokedSessions = createRevokedSessions(postgres);
  const refreshTokens = createRefreshTokens(postgres, revokedSessions);
  const accessTokens = createAccessTokens({ signingKeys, revokedSessions });
  const following = followIdentity({ postgres, signingKeys, revokedSessions, log });
  await following.listening;
  const signIn = async (userId: string) => {
    const session = await refreshTokens.issue(userId);
    return { ...session, ...(await accessTokens.issue({ userId, roles: [], ...session })) };
  };
  return { ...accessTokens, refreshTokens, revokedSessions, signIn, stop: following.stop };
};
type Gateway = Awaited<ReturnType<typeof startGateway>>;

let here: Gateway;
let there: Gateway;
beforeEach(async () => {
  [here, there] = await Promise.all([startGateway(), startGateway()]);
});
afterEach(() => Promise.all([here.stop(), there.stop()]));

/** Asks again until it is so: what PostgreSQL tells comes when it comes. */
const until = async (isSo: () => Promise<boolean> | boolean) => {
  while (!(await isSo())) await delay(5);
};
const refusalOf = async (gateway: Gateway, token: string): Promise<string | null> => {
  try {
    await gateway.verify(token);
    return null;
  } catch (error) {
    return isDomainError(error) ? error.code : 'unknown';
  }
};

/** Whether whoever goes on with a token was told that it is good no more. */
const overAt = async (gateway: Gateway, token: string) => {
  let isOver = false;
  const stop = gateway.whenOver(await gateway.verify(token), () => {
    isOver = true;
    stop();
  });
  return () => isOver;
};

describe('a session that ends at one gateway', () => {
  it('is over there at once, and at the others as soon as they are told', async () => {
    const { accessToken, refreshToken } = await here.signIn('ada');
    expect(await Promise.all([here, there].map((each) => each.verify(accessToken)))).toMatchObject([
      { userId: 'ada' },
      { userId: 'ada' },
    ]);
    const isOver = await overAt(there, accessToken);
    await here.refreshTokens.revoke(refreshToken);
    expect(await refusalOf(here, accessToken)).toBe('auth.revoked_token');
    await until(isOver);
    await until(async () => (await refusalOf(there, accessToken)) !== null);
    expect(await refusalOf(there, accessToken)).toBe('auth.revoked_token');
  });

  it('is over at one that starts later, and at one that did not hear of it', async () => {
    const { accessToken, refreshToken, sessionId } = await here.signIn('bob');
    await there.stop();
    await here.refreshTokens.revoke(refreshToken);
    const later = await startGateway();
    expect(await refusalOf(later, accessToken)).toBe('auth.revoked_token');
    await later.stop();

    const again = createRevokedSessions(postgres);
    expect(again.has(sessionId)).toBe(false);
    const signingKeys = { reread: () => Promise.resolve() };
    const following = followIdentity({ postgres, signingKeys, revokedSessions: again, log });
    await until(() => again.has(sessionId));
    await following.stop();
  });
});

describe('npm run keys -- signing', () => {
  const keys = { masterKey };
  const said: string[] = [];
  const given = () => ({ postgres, keys, say: (line: string) => void said.push(line) });
  const status = async () => {
    said.length = 0;
    await signingStatusCommand(given(), true);
    return JSON.parse(said.join('\n')) as readonly { kid: string; state: string }[];
  };
  const kidsAt = async (gateway: Gateway) => (await gateway.jwks()).keys.map(({ kid }) => kid);
  const pass = (seconds: number) =>
    postgres.query(`update platform_secrets set signs_from = signs_from - $1 * interval '1 second'`, [seconds]);

  it('changes the key under gateways that run', async () => {
    const { accessToken: before } = await here.signIn('ada');
    const old = decodeProtectedHeader(before).kid;
    expect(await there.verify(before)).toMatchObject({ userId: 'ada' });

    await rotateSigningCommand(given());
    await until(async () => (await kidsAt(here)).length === 2 && (await kidsAt(there)).length === 2);
    expect(await status()).toMatchObject([{ state: 'published' }, { kid: old, state: 'signs' }]);
    expect(decodeProtectedHeader((await here.signIn('ada')).accessToken).kid).toBe(old);

    // Once more makes no other; nothing is dropped that signs.
    await rotateSigningCommand(given());
    await retireSigningCommand(given());
    expect(await status()).toHaveLength(2);

    await pass(601);
    const later = await startGateway();
    const { accessToken: after } = await later.signIn('ada');
    expect(decodeProtectedHeader(after).kid).not.toBe(old);
    expect(await here.verify(after)).toMatchObject({ userId: 'ada' });
    await expect(retireSigningCommand(given())).rejects.toThrow('may be good until');
    expect(await status()).toMatchObject([{ state: 'signs' }, { kid: old, state: 'verifies' }]);

    await pass(16 * 60);
    const isOver = await overAt(there, before);
    await retireSigningCommand(given());
    await until(isOver);
    await until(async () => (await refusalOf(there, before)) !== null);
    expect(await refusalOf(there, before)).toBe('auth.invalid_token');
    expect(await there.verify(after)).toMatchObject({ userId: 'ada' });
    expect(await status()).toMatchObject([{ state: 'signs' }]);
    await later.stop();
  });

  it('drops a key that leaked at once, and another signs', async () => {
    const { accessToken: forged, refreshToken } = await here.signIn('ada');
    const leaked = String(decodeProtectedHeader(forged).kid);
    const isOver = await overAt(there, forged);
    await retireLeakedCommand(given(), leaked);
    await until(isOver);
    await until(async () => (await refusalOf(here, forged)) !== null && (await refusalOf(there, forged)) !== null);
    expect(await refusalOf(there, forged)).toBe('auth.invalid_token');
    expect(await status()).toMatchObject([{ state: 'signs' }]);

    const session = await here.refreshTokens.rotate(refreshToken);
    const { accessToken } = await here.issue({ roles: [], ...session });
    expect(await there.verify(accessToken)).toMatchObject({ userId: 'ada' });
    await expect(retireLeakedCommand(given(), leaked)).rejects.toThrow(`No key is called ${leaked}`);
  });

  it('lets the next key sign at once where the one before it leaked, and none where that one itself did', async () => {
    await rotateSigningCommand(given());
    const [published, signs] = (await status()).map(({ kid }) => kid);
    await retireLeakedCommand(given(), String(signs));
    expect(await status()).toMatchObject([{ kid: published, state: 'signs' }]);

    await rotateSigningCommand(given());
    const [next] = (await status()).map(({ kid }) => kid);
    await retireLeakedCommand(given(), String(next));
    expect(await status()).toMatchObject([{ kid: published, state: 'signs' }]);
  });
});
