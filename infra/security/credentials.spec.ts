import { jest } from '@jest/globals';
import * as argon2 from '@node-rs/argon2';
import type { Postgres } from '../postgres/postgres.js';

const verified: string[] = [];
jest.unstable_mockModule('@node-rs/argon2', () => ({
  ...argon2,
  verify: async (hash: string, password: string) => {
    verified.push(hash);
    return argon2.verify(hash, password);
  },
}));
const { createCredentials } = await import('./credentials.js');

const parametersOf = (hash: string) => hash.split('$').slice(0, 4).join('$');

/** Credentials over one row that a test gives, and the statements that they send for a sign-in. */
const world = async (passwordHash: string) => {
  const sent: string[] = [];
  const query = (text: unknown, values: readonly unknown[] = []) => {
    if (typeof text === 'string') sent.push(text.split(' ').slice(0, 2).join(' '));
    return Promise.resolve({ rows: values[0] === 'h-ada' ? [{ user_id: 'ada', password_hash: passwordHash }] : [] });
  };
  const connect = () => Promise.resolve({ query, release: () => undefined });
  const credentials = createCredentials({ query, connect } as unknown as Postgres);
  await credentials.emailHashOf('ada');
  return {
    signIn: async (emailHash: string, password: string) => {
      [sent.length, verified.length] = [0, 0];
      const found = await credentials.verify({ emailHash, password });
      return { found, sent: [...sent], verified: [...verified] };
    },
  };
};

it('cost the same work for an unknown address as for a wrong password', async () => {
  const { signIn } = await world(await argon2.hash('right', { memoryCost: 19_456, timeCost: 2, parallelism: 1 }));
  const [unknown, wrong] = [await signIn('h-nobody', 'wrong'), await signIn('h-ada', 'wrong')];
  expect([unknown.found, wrong.found]).toEqual([[], []]);
  expect(unknown.sent).toEqual(wrong.sent);
  expect(unknown.verified.map(parametersOf)).toEqual(wrong.verified.map(parametersOf));
  expect(unknown.verified).toHaveLength(1);
});

it('are hashed anew where they were hashed by other parameters, once the password is known', async () => {
  const { signIn } = await world(await argon2.hash('right', { memoryCost: 8_192, timeCost: 1, parallelism: 1 }));
  expect((await signIn('h-ada', 'wrong')).sent).toEqual(['select user_id,']);
  expect(await signIn('h-ada', 'right')).toMatchObject({
    found: ['ada'],
    sent: ['select user_id,', 'update credentials'],
  });
});
