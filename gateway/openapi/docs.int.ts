import { chromium, type Browser, type Page } from 'playwright-core';
import { aString, order, useGateway } from '../http/testing/client.js';
import { browserPath } from './testing/browser.js';

const { gateway } = useGateway();

let browser: Browser;
let page: Page;
/** Wherever the page asked for something, and whatever it complained of. */
let asked: URL[];
let complaints: string[];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await browserPath(), args: quiet });
});
afterAll(() => browser.close());

/** A browser that asks nothing of its makers. */
const quiet = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
  asked = [];
  complaints = [];
  page.on('request', (request) => asked.push(new URL(request.url())));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
});
afterEach(() => page.close());

it('lets somebody place an order, asks nobody else, and breaks no rule of its own', async () => {
  await page.goto(`${gateway().url}/docs#/Orders/placeOrder`);
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  await page.locator('.auth-container input').first().fill('ada:customer');
  await page.getByRole('button', { name: 'Apply credentials' }).first().click();
  await page.getByRole('button', { name: 'Close' }).first().click();

  const operation = page.locator('#operations-Orders-placeOrder');
  await operation.locator('textarea.body-param__text').fill(JSON.stringify(order));
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table tbody .response-col_status');
  await answer.waitFor();

  expect((await answer.innerText()).trim()).toBe('201');
  expect(gateway().sent).toEqual([expect.objectContaining({ type: 'PlaceOrder', actor: 'ada' })]);
  const elsewhere = asked.filter(({ protocol, origin }) => protocol !== 'data:' && origin !== gateway().url);
  expect(elsewhere).toEqual([]);
  expect(complaints).toEqual([]);
});

describe('what the page is made of', () => {
  const fetched = (path: string, headers: Record<string, string> = {}) => fetch(`${gateway().url}${path}`, { headers });

  it('is asked for, told and counted as everything is, and again only for news', async () => {
    const file = await fetched('/docs/swagger-ui.css');
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'cache-control': 'public, max-age=3600',
      'content-type': 'text/css; charset=utf-8',
      'ratelimit-policy': expect.stringContaining('"reads"') as unknown,
      traceparent: aString,
      'x-request-id': aString,
    });
    const kept = await fetched('/docs/swagger-ui.css', { 'if-none-match': file.headers.get('etag') ?? '' });
    expect(kept.status).toBe(304);
    expect((await gateway().logged(2)).map(({ pattern }) => pattern)).toEqual(Array(2).fill('/docs/swagger-ui.css'));
  });

  it.each(['/docs/', '/docs/package.json', '/docs/swagger-ui-bundle.js.map', '/docs/index.html'])(
    'is nothing else of the package: %s',
    async (path) => {
      expect((await fetched(path)).status).toBe(404);
    },
  );
});
