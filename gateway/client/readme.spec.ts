import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { orderMugs } from './testing/readme-example.js';
import { startFakeGateway } from './testing/fake-gateway.js';

it('shows the example that is tried here', async () => {
  const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
  const example = await readFile(join(import.meta.dirname, 'testing/readme-example.ts'), 'utf8');
  expect(/```ts\n([^`]+)```/.exec(readme)?.[1]).toBe(example.replace('../evermart.js', './evermart.js'));
});

it('has an example that follows an order until it is paid', async () => {
  const gateway = await startFakeGateway();
  gateway.answer(({ path }, response) => {
    if (path === '/api/v1/auth/token') return { body: { accessToken: 'access', refreshToken: 'refresh' } };
    if (path === '/api/v1/orders') return { status: 201, body: { id: 'o1' } };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(['PENDING', 'PAID'].map((status) => `data: ${JSON.stringify({ status })}\n\n`).join(''));
    return undefined;
  });
  const customer = { email: 'ada@example.org', password: 'analytical engine' };
  expect(await orderMugs(gateway.url, customer, 'mug')).toEqual(['PENDING', 'PAID']);
  expect(gateway.came.map(({ path }) => path)).toContain('/api/v1/orders/o1/events');
  await gateway.close();
});
