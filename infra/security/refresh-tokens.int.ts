import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { createRefreshTokens } from './refresh-tokens.js';

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

/** Lets more time pass since tokens of the person were used than an answer can be lost for. */
const longAgo = (userId: string) =>
  postgres.query(`update refresh_tokens set used_at = used_at - interval '11 seconds' where user_id = $1`, [userId]);

describe('refresh tokens', () => {
  const tokensOf = async (userId: string) => {
    const { rows } = await postgres.query('select hash from refresh_tokens where user_id = $1', [userId]);
    return rows.length;
  };
  const expireAllOf = (userId: string) =>
    postgres.query(`update refresh_tokens set expires_at = now() where user_id = $1`, [userId]);

  it('that have expired go when the person signs in again, and nobody else’s', async () => {
    const tokens = createRefreshTokens(postgres);
    await tokens.issue('leo');
    await tokens.issue('lea');
    await expireAllOf('leo');
    await expireAllOf('lea');
    await tokens.issue('leo');
    expect([await tokensOf('leo'), await tokensOf('lea')]).toEqual([1, 1]);
  });

  it('that have expired go when the person stays signed in', async () => {
    const tokens = createRefreshTokens(postgres);
    await tokens.issue('max');
    await expireAllOf('max');
    await postgres.query(
      `insert into refresh_tokens (hash, family, user_id, expires_at)
       select sha256('current'), family, user_id, now() + interval '1 day' from refresh_tokens where user_id = 'max'`,
    );
    const { refreshToken } = await tokens.rotate('current');
    // The one that was used is kept until it expires: using it again ends the family.
    expect(await tokensOf('max')).toBe(2);
    await longAgo('max');
    await expect(tokens.rotate('current')).rejects.toMatchObject({ code: 'auth.invalid_token' });
    await expect(tokens.rotate(refreshToken)).rejects.toMatchObject({ code: 'auth.invalid_token' });
  });
});

describe('a session', () => {
  const world = () => {
    const ended: string[] = [];
    const tokens = createRefreshTokens(postgres, { add: (id) => void ended.push(id) });
    const keptByAll = async () => {
      const { rows } = await postgres.query<{ session: string }>(
        'select session from revoked_sessions where session = any($1)',
        [ended],
      );
      return rows.map(({ session }) => session);
    };
    return { tokens, ended, keptByAll };
  };

  it('goes on from token to token', async () => {
    const { tokens, ended } = world();
    const { refreshToken, sessionId } = await tokens.issue('uma');
    expect(await tokens.rotate(refreshToken)).toMatchObject({ userId: 'uma', sessionId });
    expect(ended).toEqual([]);
  });

  it('ends where a token is used again', async () => {
    const { tokens, ended, keptByAll } = world();
    const { refreshToken, sessionId } = await tokens.issue('uma');
    const { refreshToken: next } = await tokens.rotate(refreshToken);
    await longAgo('uma');
    await expect(tokens.rotate(refreshToken)).rejects.toMatchObject({ code: 'auth.invalid_token' });
    await expect(tokens.rotate(next)).rejects.toMatchObject({ code: 'auth.invalid_token' });
    expect(ended).toEqual([sessionId]);
    expect(await keptByAll()).toEqual([sessionId]);
  });

  it('goes on where the answer with the next token was lost, more than once as well', async () => {
    const { tokens, ended } = world();
    const { refreshToken } = await tokens.issue('ulla');
    await tokens.rotate(refreshToken);
    await tokens.rotate(refreshToken);
    const { refreshToken: next } = await tokens.rotate(refreshToken);
    await tokens.rotate(next);
    expect(ended).toEqual([]);
  });

  it('goes on by one of two that use a token at once, until the other one comes again', async () => {
    const { tokens, ended } = world();
    const { refreshToken, sessionId } = await tokens.issue('ulla');
    const { refreshToken: replaced } = await tokens.rotate(refreshToken);
    const { refreshToken: next } = await tokens.rotate(refreshToken);
    await tokens.rotate(next);
    await expect(tokens.rotate(replaced)).rejects.toMatchObject({ code: 'auth.invalid_token' });
    expect(ended).toEqual([sessionId]);
  });

  it('ends at once where a token is used again after the next one', async () => {
    const { tokens, ended } = world();
    const { refreshToken, sessionId } = await tokens.issue('ulla');
    await tokens.rotate((await tokens.rotate(refreshToken)).refreshToken);
    await expect(tokens.rotate(refreshToken)).rejects.toMatchObject({ code: 'auth.invalid_token' });
    expect(ended).toEqual([sessionId]);
  });

  it('ends with whoever signs out, also by an earlier token, and with the one that asks', async () => {
    const { tokens, ended } = world();
    const [one, two] = [await tokens.issue('uma'), await tokens.issue('ugo')];
    await tokens.rotate(one.refreshToken);
    await tokens.revoke(one.refreshToken, two.sessionId);
    await tokens.revoke('unknown');
    expect(ended).toEqual([one.sessionId, two.sessionId]);
  });

  it('ends with all of the person, but for one, or for those that began since', async () => {
    const { tokens, ended } = world();
    const [one, two] = [await tokens.issue('ute'), await tokens.issue('ute')];
    await tokens.issue('ulf');
    await tokens.revokeAllOf('ute', { begunBefore: new Date(0) });
    expect(ended).toEqual([]);
    await tokens.revokeAllOf('ute', { except: two.sessionId });
    expect(ended).toEqual([one.sessionId]);
    const future = new Date(Date.now() + 3_600_000);
    await tokens.rotate(two.refreshToken);
    await tokens.revokeAllOf('ute', { begunBefore: future });
    expect(ended).toEqual([one.sessionId, two.sessionId]);
  });

  it('is over for good when it ends while a token of it is used', async () => {
    const { tokens } = world();
    for (let round = 0; round < 20; round += 1) {
      const { refreshToken } = await tokens.issue('una');
      await Promise.all([tokens.rotate(refreshToken).catch(() => undefined), tokens.revokeAllOf('una')]);
      const { rows } = await postgres.query(`select from refresh_tokens where user_id = 'una'`);
      expect(rows).toEqual([]);
    }
  });

  it('is kept to be over only as long as its tokens could live', async () => {
    const { tokens, keptByAll } = world();
    await tokens.revoke((await tokens.issue('uli')).refreshToken);
    expect(await keptByAll()).toHaveLength(1);
    await postgres.query('update revoked_sessions set until = now()');
    await tokens.revoke((await tokens.issue('uli')).refreshToken);
    expect(await keptByAll()).toHaveLength(1);
  });
});
