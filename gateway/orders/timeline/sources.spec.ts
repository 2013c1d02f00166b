import { once } from 'node:events';
import { DomainError } from '../../../domains/shared/errors.js';
import { ifThere } from './sources.js';

const nothing = { items: [], missing: ['correlations'] };

it('ends what a source does that nobody waits for any longer', async () => {
  let ended: Promise<unknown> | undefined;
  const found = await ifThere(
    'correlations',
    (over) => {
      ended = once(over, 'abort');
      return new Promise(() => undefined);
    },
    1,
  );
  expect(found).toEqual(nothing);
  expect(await ended).toMatchObject([{ type: 'abort' }]);
});

it('goes on without a source that refuses', async () =>
  expect(
    await ifThere('correlations', () => Promise.reject(new DomainError('audit.index_behind', 'Too much'))),
  ).toEqual(nothing));

it('goes on with what a source has found', async () =>
  expect(await ifThere('correlations', () => Promise.resolve({ items: [1], missing: [] }))).toEqual({
    items: [1],
    missing: [],
  }));
