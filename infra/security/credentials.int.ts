import { hash } from '@node-rs/argon2';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { createCredentials } from './credentials.js';

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

describe('credentials', () => {
  it('move to another address', async () => {
    const credentials = createCredentials(postgres);
    await credentials.keep({ userId: 'mia', emailHash: 'h-old', password: 'a long password' });
    await credentials.move({ userId: 'mia', emailHash: 'h-new' });
    await credentials.move({ userId: 'mia', emailHash: 'h-new' });
    expect(await credentials.emailHashOf('mia')).toBe('h-new');
    expect(await credentials.verify({ emailHash: 'h-old', password: 'a long password' })).toEqual([]);
    expect(await credentials.verify({ emailHash: 'h-new', password: 'a long password' })).toEqual(['mia']);
  });

  it('are unconfirmed until the person is known to be registered', async () => {
    const credentials = createCredentials(postgres);
    await credentials.keep({ userId: 'ann', emailHash: 'h-ann', password: 'a long password' });
    await credentials.keep({ userId: 'ben', emailHash: 'h-ben', password: 'a long password' });
    await credentials.confirm('ben');
    expect(await credentials.unconfirmedFor(0)).toContain('ann');
    expect(await credentials.unconfirmedFor(0)).not.toContain('ben');
    expect(await credentials.unconfirmedFor(3_600)).toEqual([]);
  });

  it('are hashed anew by the parameters of today when the person signs in', async () => {
    const credentials = createCredentials(postgres);
    await credentials.keep({ userId: 'eva', emailHash: 'h-eva', password: 'a long password' });
    const earlier = await hash('a long password', { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await postgres.query(`update credentials set password_hash = $1 where user_id = 'eva'`, [earlier]);
    const signIn = () => credentials.verify({ emailHash: 'h-eva', password: 'a long password' });
    expect([await signIn(), await signIn()]).toEqual([['eva'], ['eva']]);
    const { rows } = await postgres.query<{ kept: string }>(
      `select password_hash as kept from credentials where user_id = 'eva'`,
    );
    expect(rows[0]?.kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('are nobody’s address where none are kept', async () => {
    const credentials = createCredentials(postgres);
    await credentials.move({ userId: 'nobody', emailHash: 'h-x' });
    expect(await credentials.emailHashOf('nobody')).toBeNull();
  });
});
