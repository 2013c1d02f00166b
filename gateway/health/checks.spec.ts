import { checkReadiness } from '../../infra/process/health.js';
import { checksBeforeUse } from './checks.js';

it('keeps a gateway out of use until its engines were reached once', async () => {
  const up = () => Promise.resolve(true);
  let isAway = true;
  const postgres = () => (isAway ? Promise.reject(new Error('refused')) : up());
  const checks = checksBeforeUse({ 'event-store': up, postgres });
  expect(await checkReadiness(checks)).toEqual({
    ready: false,
    dependencies: { 'event-store': 'up', postgres: 'down' },
  });
  isAway = false;
  expect((await checkReadiness(checks)).ready).toBe(true);
  isAway = true;
  expect((await checkReadiness(checks)).ready).toBe(true);
});
