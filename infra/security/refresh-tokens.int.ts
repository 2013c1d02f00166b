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
    await expect(tokens.rotate('current')).rejects.toMatchObject({ code: 'auth.invalid_token' });
    await expect(tokens.rotate(refreshToken)).rejects.toMatchObject({ code: 'auth.invalid_token' });
  });
});
