import { hash } from 'node:crypto';
import { startTestGateway, type TestGateway } from '../http/testing/gateway.js';
import { pagePatterns, pathOf } from './browser/pages.js';
import { consoleRoutes } from './routes.js';

const settings = { temporalUiUrl: 'http://temporal.example', jaegerUrl: null, views: ['orders'] };
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway(undefined, { pages: consoleRoutes(settings) });
});
afterAll(() => gateway.close());

const fetched = (path: string, headers: Record<string, string> = {}) => fetch(gateway.url + path, { headers });
const page = async () => (await fetched('/console')).text();
const scriptIn = (html: string) => /src="(\/console\/assets\/.*?\/main\.js)"/.exec(html)?.[1] ?? '';

it('is one page at every address of its pages, whatever is asked of them', async () => {
  const html = await page();
  for (const pattern of pagePatterns) {
    const answer = await fetched(`${pathOf(pattern, 'o-1')}?status=PAID&cursor=x`);
    expect({ pattern, status: answer.status, isSame: (await answer.text()) === html }).toEqual({
      ...{ pattern, status: 200, isSame: true },
    });
  }
});

it.each(['/console/', '/console/users', '/console/orders/o1/x', '/console/index.html', '/console/assets/main.js'])(
  'is nothing else: %s',
  async (path) => expect((await fetched(path)).status).toBe(404),
);

it('runs no script but its own, and names the import map that may stand in the page', async () => {
  const answer = await fetched('/console');
  const [, importMap = ''] = /<script type="importmap">(.*?)<\/script>/.exec(await answer.text()) ?? [];
  const policy = answer.headers.get('content-security-policy');
  expect(policy).toContain(`script-src 'self' 'sha256-${hash('sha256', importMap, 'base64')}';`);
  expect(policy).toContain("trusted-types 'none'");
  for (const address of Object.values((JSON.parse(importMap) as { imports: Record<string, string> }).imports))
    expect({ address, status: (await fetched(address)).status }).toEqual({ address, status: 200 });
});

it('is asked for again each time, and what it is made of is kept for good', async () => {
  const html = await fetched('/console');
  expect(html.headers.get('cache-control')).toBe('no-cache');
  const again = await fetched('/console', { 'if-none-match': html.headers.get('etag') ?? '' });
  expect(again.status).toBe(304);
  const script = await fetched(scriptIn(await html.text()));
  expect(Object.fromEntries(script.headers)).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    etag: expect.any(String) as string,
  });
});

it('has every module that one of its modules asks for', async () => {
  const html = await page();
  const known = new Set([...html.matchAll(/href="(\/console\/assets\/[^"]*\.m?js)"/g)].map(([, path]) => path));
  expect(known.size).toBeGreaterThan(40);
  for (const path of known) {
    const text = await (await fetched(path ?? '')).text();
    for (const [, relative = ''] of text.matchAll(/from ?["'](\.[^"']+)["']/g)) {
      const { pathname } = new URL(relative, gateway.url + (path ?? ''));
      expect({ path, asks: pathname, isKnown: known.has(pathname) }).toMatchObject({ isKnown: true });
    }
  }
});

it('links each of its sheets, that of the whole console first', async () => {
  const sheets = [...(await page()).matchAll(/<link rel="stylesheet" href="([^"]*)" \/>/g)].map(
    ([, path = '']) => path,
  );
  expect(sheets.map((path) => path.replace(/^.*?\/browser\//, ''))).toEqual([
    ...['console.css', 'orders/timeline.css', 'parts/forms.css', 'parts/notices.css', 'parts/tables.css'],
  ]);
  for (const sheet of sheets) expect((await fetched(sheet)).headers.get('content-type')).toContain('text/css');
});

it('is told where Temporal and Jaeger are, and which views there are', async () => {
  expect(await (await fetched('/console/settings.json')).json()).toEqual(settings);
});

it('is no part of the description of the API', async () => {
  expect(await (await fetched('/openapi.json')).text()).not.toContain('/console');
});
