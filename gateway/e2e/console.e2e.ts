import type { Page } from 'playwright-core';
import type { ApiClient } from '../client/api-client.js';
import { startConsoleBrowser, type ConsoleBrowser, type ConsoleTab } from './testing/console-browser.js';
import { eventually } from './testing/eventually.js';
import { startPlatformForTests, type RunningPlatform } from './testing/running-platform.js';
import { newCustomer, newProduct, orderOf, whenEnded } from './testing/shop.js';

let platform: RunningPlatform;
let browser: ConsoleBrowser;
let tab: ConsoleTab;
let customer: ApiClient;
let productId: string;

beforeAll(async () => {
  platform = await startPlatformForTests();
  browser = await startConsoleBrowser(platform.url);
  customer = await newCustomer(platform.url);
  productId = await newProduct(platform.staff, 100);
});
afterAll(async () => {
  await browser.close();
  await platform.stop();
});

afterEach(() => tab.close());

const heading = (name: string) => tab.page.getByRole('heading', { level: 1, name });
const placeOrder = async () => (await customer.placeOrder(orderOf(productId, 2))).id;

/** Whether the page is wider than what is seen of it. */
const isTooWide = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

describe('staff', () => {
  it('sign in, see an order come and be paid, and open it, with the keyboard alone', async () => {
    tab = await browser.open();
    const { page } = tab;
    await tab.goto('/orders');
    await page.getByLabel('Email').focus();
    await page.keyboard.type(platform.firstAccount.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(platform.firstAccount.password);
    await page.keyboard.press('Enter');
    await page.getByText('Live', { exact: true }).waitFor();

    const id = await placeOrder();
    const row = page.getByRole('row', { name: id.slice(0, 8) });
    await row.getByText('paid', { exact: true }).waitFor();
    await tab.picture('orders');

    await row.getByRole('link').focus();
    await page.keyboard.press('Enter');
    await heading('Order').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/console/orders/${id}`);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Order');
    const saga = page.getByRole('region', { name: 'Saga' });
    await saga.getByText('waiting for dispatch').waitFor();
    const temporal = await saga.getByRole('link').getAttribute('href');
    expect(temporal).toContain(
      `${platform.process('temporal').webUrl ?? '?'}/namespaces/default/workflows/order-${id}`,
    );
    await page.getByText('paid', { exact: true }).waitFor();

    await page.goBack();
    await heading('Orders').waitFor();
  });

  it('read the timeline of an order as a waterfall, and lead from bar to bar by arrow keys', async () => {
    tab = await browser.open({ colorScheme: 'dark' });
    const { page } = tab;
    const id = await placeOrder();
    await whenEnded(customer, id);
    await tab.goto(`/orders/${id}`);
    await tab.signIn(platform.firstAccount);

    const bars = (kind: string) => page.getByRole('button', { name: `, ${kind}, ` });
    await bars('saga').first().waitFor();
    await bars('command').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const opened = page.locator('.stretch:focus');
    expect(await opened.getAttribute('aria-label')).toMatch(/^OrderPlaced, event, .+ after the beginning$/);
    expect(await opened.getAttribute('aria-expanded')).toBe('true');
    await page.getByText(`"stream": "order-${id}"`).waitFor();
    const toJaeger = await page.getByRole('link', { name: /^[0-9a-f]{32}/ }).getAttribute('href');
    expect(toJaeger).toContain(`${platform.process('jaeger').url}/trace/`);
    await tab.picture('order');

    await page.getByRole('checkbox', { name: 'saga' }).uncheck();
    await bars('saga').first().waitFor({ state: 'detached' });
    // Jaeger has the spans a moment after they ended.
    await eventually(async () => {
      await page.getByRole('button', { name: 'Refresh' }).click();
      return page.getByRole('checkbox', { name: 'span' }).isVisible();
    });
    await page.getByRole('checkbox', { name: 'span' }).check();
    await page.getByRole('button', { name: 'POST /api/v1/orders, span, ' }).first().waitFor();
    expect(tab.complaints).toEqual([]);
  });

  it('see which sagas need attention, and are told when none does', async () => {
    tab = await browser.open({ viewport: { width: 360, height: 780 } });
    await tab.goto('/sagas');
    await tab.signIn(platform.firstAccount);
    await tab.page.getByText('No saga needs attention').waitFor();
    expect(await isTooWide(tab.page)).toBe(false);
    await tab.picture('sagas-narrow');
  });
});

describe('an admin', () => {
  it('sees how far the views have come, and builds one anew', async () => {
    tab = await browser.open();
    const { page } = tab;
    await tab.goto('');
    await tab.signIn(platform.firstAccount);
    await page
      .getByRole('navigation', { name: 'Parts of the console' })
      .getByRole('link', { name: 'Projections' })
      .click();
    await heading('Projections').waitFor();
    const row = page.getByRole('row', { name: 'sales' });
    await row.getByText('live', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Rebuild: sales' }).click();
    await page.getByRole('button', { name: 'Yes, rebuild' }).click();
    await row.getByText('ready').waitFor();
    await tab.picture('projections');
    await row.getByRole('button', { name: 'Switch: sales' }).click();
    await row.getByRole('button', { name: 'Roll back: sales' }).waitFor();
    expect(tab.complaints).toEqual([]);
  });
});

describe('whoever has no business here', () => {
  it('is told so: a customer', async () => {
    tab = await browser.open();
    const who = { email: 'grace@example.org', password: 'compilers are possible' };
    await customer.register({ ...who, name: 'Grace Hopper' });
    await tab.goto('/orders');
    await tab.signIn(who);
    await tab.page.getByText('Code auth.forbidden').first().waitFor();
    await tab.goto('');
    await heading('Nothing here for you').waitFor();
    await tab.page.getByRole('button', { name: 'Sign out' }).click();
    await heading('Sign in').waitFor();
    expect(await tab.page.evaluate('sessionStorage.length')).toBe(0);
  });

  it('is told why: with a wrong password', async () => {
    tab = await browser.open();
    await tab.goto('');
    await tab.signIn({ ...platform.firstAccount, password: 'not the one' });
    const alert = tab.page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('auth.bad_credentials');
  });
});
