import { chromium, type Browser, type Page } from 'playwright-core';
import { order, useGateway } from '../http/testing/client.js';
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
  await page.goto(`${gateway().url}/docs/#/Orders/placeOrder`);
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  await page.locator('.auth-container input').fill('ada:customer');
  await page.getByRole('button', { name: 'Apply credentials' }).click();
  await page.getByRole('button', { name: 'Close' }).click();

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
