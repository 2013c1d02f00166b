import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v4 as randomId } from 'uuid';
import { checkFile } from '../../infra/audit-log/offline/check-file.js';
import type { Finding } from '../../infra/audit-log/offline/report.js';
import { createEvermart } from '../client/evermart.js';
import { startConsoleBrowser, type ConsoleBrowser, type ConsoleTab } from './testing/console-browser.js';
import { eventually } from './testing/eventually.js';
import { startPlatformForTests, type RunningPlatform } from './testing/running-platform.js';
import { newCustomer, newProduct, orderOf, whenEnded } from './testing/shop.js';

let platform: RunningPlatform;
let browser: ConsoleBrowser;
let tab: ConsoleTab;
let folder: string;
let orderId: string;

/** Has the role `auditor` and no other. */
const auditor = { email: `${randomId()}@example.org`, password: randomId() };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evermart-auditor-'));
  platform = await startPlatformForTests();
  browser = await startConsoleBrowser(platform.url);
  const { id } = await platform.staff.register({ ...auditor, name: 'Katherine Johnson' });
  const admin = createEvermart(platform.url);
  await admin.signIn(platform.firstAccount);
  await admin.api.PUT('/api/v1/users/{id}/roles', { params: { path: { id } }, body: { roles: ['auditor'] } });

  const customer = await newCustomer(platform.url);
  orderId = (await customer.placeOrder(orderOf(await newProduct(platform.staff, 10), 2))).id;
  await whenEnded(customer, orderId);
  tab = await browser.open();
});
afterAll(async () => {
  await browser.close();
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
});

it('answers an auditor in one session: what happened and why, what was known then, and whether it was touched', async () => {
  expect(await menuAfterSignIn()).toEqual(['Streams', 'Replays', 'Verification']);
  await findOrder();
  await readItsEvents();
  await followItsCorrelation();
  await openItsTimeline();
  await replayView();
  await verifyRecord();
  const file = join(folder, 'bundle.tar.gz');
  await exportOrder(file);
  expect(await wrongIn(file)).toEqual([]);
  // Before the first verification the browser says that there is none.
  expect(tab.complaints).toEqual([expect.stringMatching(/404 .*\/audit\/verify$/)]);
});

const heading = (name: string) => tab.page.getByRole('heading', { level: 1, name });
const link = (name: string) => tab.page.getByRole('link', { name, exact: true });
const button = (name: string) => tab.page.getByRole('button', { name, exact: true });
const section = (name: string) => tab.page.getByRole('region', { name });
const menu = () => tab.page.getByRole('navigation', { name: 'Parts of the console' }).getByRole('link');
const goTo = (part: string) => menu().filter({ hasText: part }).click();

const menuAfterSignIn = async () => {
  await tab.goto('');
  await tab.signIn(auditor);
  await heading('What you can do here').waitFor();
  return menu().allInnerTexts();
};

const findOrder = async () => {
  await goTo('Streams');
  const stream = `order-${orderId}`;
  await tab.page.getByLabel('Name begins with').fill(stream.slice(0, 14));
  // The auditor's process indexes a stream a moment after it began.
  await eventually(async () => {
    await button('Search').click();
    return (await link(stream).count()) === 1;
  });
  await tab.picture('auditor-streams');
  await link(stream).click();
};

/** With the state after one of them, and what the other changed in it. */
const readItsEvents = async () => {
  await button('OrderPlaced').click();
  await section('OrderPlaced at revision 0').getByText('"status": "PENDING"').waitFor();
  await tab.page.getByLabel('To revision').fill('1');
  await button('Compare').click();
  await section('Difference of two revisions').getByRole('row', { name: '/status "PENDING" "PAID"' }).waitFor();
  await tab.picture('auditor-stream');
};

const followItsCorrelation = async () => {
  await section('OrderPlaced at revision 0').locator('a[href*="/console/correlations/"]').click();
  await heading('Correlation').waitFor();
  await tab.page.getByText('StockReserved').first().waitFor();
  await tab.picture('auditor-correlation');
  await link(`order-${orderId}`).first().click();
};

const openItsTimeline = async () => {
  await link('Timeline of the order').click();
  await heading('Order').waitFor();
  const bar = (name: string) => tab.page.getByRole('button', { name }).first();
  await bar('PlaceOrder, command').waitFor();
  await bar('OrderPaid, event').waitFor();
  await tab.picture('auditor-order');
};

const replayView = async () => {
  await goTo('Replays');
  await tab.page.getByLabel('View').selectOption('orders');
  await tab.page.getByRole('textbox', { name: 'At' }).fill(new Date().toISOString());
  await button('Start a replay').click();
  await heading('Replay').waitFor();
  const rows = tab.page.getByRole('table', { name: 'Rows of the replay' });
  await rows.getByRole('row', { name: orderId }).waitFor();
  await rows.getByText('Show').first().click();
  await tab.picture('auditor-replay');
};

const verifyRecord = async () => {
  await goTo('Verification');
  await tab.page.getByText('Nothing was verified yet.').waitFor();
  await button('Verify now').click();
  await tab.page.getByText('Every event is as it was stored.').waitFor();
  await tab.page.getByRole('table', { name: 'Checkpoints' }).waitFor();
  await tab.picture('auditor-verification');
};

const exportOrder = async (file: string) => {
  await tab.page.getByRole('textbox', { name: 'Stream' }).fill(`order-${orderId}`);
  const downloading = tab.page.waitForEvent('download');
  await button('Export').click();
  await (await downloading).saveAs(file);
  await tab.page.getByText('Saved as a signed bundle.').waitFor();
  await tab.picture('auditor-export');
};

/** What the check with the public key alone finds wrong in a bundle. */
const wrongIn = async (file: string): Promise<readonly Finding[]> => {
  const keyFile = join(platform.dataDir, 'audit', 'signing-key.pem.pub');
  const findings: Finding[] = [];
  await checkFile({ file, keyFile, checkpoints: [] }, (finding) => findings.push(finding));
  return findings.filter(({ isGood }) => !isGood);
};
