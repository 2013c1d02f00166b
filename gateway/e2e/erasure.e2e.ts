import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { v4 as randomId } from 'uuid';
import { createApiClient } from '../client/api-client.js';
import { eventually } from './testing/eventually.js';
import { startPlatformForTests, type RunningPlatform } from './testing/running-platform.js';
import { newProduct, orderOf, whenEnded } from './testing/shop.js';

let platform: RunningPlatform;

beforeAll(async () => {
  platform = await startPlatformForTests();
});
afterAll(async () => {
  await platform.stop();
  await rm(platform.dataDir, { recursive: true, force: true });
});

/** Every file below a folder, with its bytes as text. */
const filesBelow = async (folder: string): Promise<readonly (readonly [path: string, text: string])[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (path) => [path, (await readFile(path)).toString('latin1')] as const));
};
const filesWith = (files: Awaited<ReturnType<typeof filesBelow>>, value: string) =>
  files.filter(([, text]) => text.includes(value)).map(([path]) => path);

/** All traces that Jaeger has of a service, as text. */
const tracesOf = async (service: string): Promise<string> => {
  const { webUrl, url } = platform.process('jaeger');
  const response = await fetch(`${webUrl ?? url}/api/traces?service=${service}&limit=1500&lookback=1h`);
  return response.text();
};

/** The same, once what is awaited is among them: spans are exported a moment after they end. */
const tracesWith = (role: string, ...awaited: readonly string[]): Promise<string> =>
  eventually(async () => {
    const text = await tracesOf(`evermart-${role}`);
    return awaited.every((value) => text.includes(value)) && text;
  });

describe('a person who is erased', () => {
  it('is in no stream, view, file, log, trace or workflow any more', async () => {
    const who = { email: `ada.${randomId()}@example.org`, password: randomId(), name: `Ada ${randomId()}` };
    const phone = `+4366${Date.now()}`;
    const street = `${randomId()} Mill Lane`;
    const api = createApiClient(platform.url);
    const { id } = await api.register({ ...who, phone });
    const customer = await api.signIn(who);
    const productId = await newProduct(platform.staff, 5);
    const order = orderOf(productId, 2);
    const placed = await customer.placeOrder({ ...order, shippingAddress: { ...order.shippingAddress, street } });
    await whenEnded(customer, placed.id);
    for (const status of ['SHIPPED', 'DELIVERED'] as const) {
      await platform.staff.changeStatus(placed.id, status);
      await eventually(async () => (await customer.order(placed.id)).status === status);
    }
    const mailbox = join(platform.dataDir, 'mailbox', id);
    const mails = await eventually(async () => {
      const found = await filesBelow(mailbox);
      return found.length >= 2 && found;
    });
    expect(filesWith(mails, who.email)).not.toEqual([]);

    await customer.erase(id);
    await expect(api.signIn(who)).rejects.toMatchObject({ code: 'auth.bad_credentials' });
    const traces = await Promise.all([
      tracesWith('gateway', placed.id, 'HTTP DELETE /api/v1/users/:id'),
      tracesWith('projections', placed.id),
      tracesWith('workflows', placed.id),
      tracesWith('payment-provider', 'HTTP '),
    ]);
    await platform.stop({ keep: true });

    const files = await filesBelow(platform.dataDir);
    const personal = [who.email, who.name, who.password, phone, street, who.email.toUpperCase()];
    expect(personal.flatMap((value) => filesWith(files, value))).toEqual([]);
    expect(personal.filter((value) => traces.some((text) => text.includes(value)))).toEqual([]);
    // What is not personal is found where it should be: the search would have found the rest.
    const where = filesWith(files, placed.id).join('\n');
    for (const part of ['event-store', 'postgres', 'temporal']) expect(where).toContain(part);
    expect(filesWith(files, '/api/v1/users/:id').join()).toContain('logs');
  });
});
