import { text } from 'node:stream/consumers';
import { v4 as randomId } from 'uuid';
import { callAt, expectProblem } from '../http/testing/client.js';
import { openLines, startAuditDesk, type AuditDesk } from './testing/audit-desk.js';
import { countStock, eventsOf, type Counted } from './testing/reads.js';

let desk: AuditDesk;
let url: string;
let close: () => Promise<number>;
let counted: Counted;

beforeAll(async () => {
  desk = await startAuditDesk();
  ({ url, close } = await desk.open());
  counted = await countStock(desk);
});
afterAll(async () => {
  await close();
  await desk.stop();
});

const readsOf = async (reader: string) => (await eventsOf(desk, `audit-${reader}`)).map(({ data }) => data['what']);

describe('whoever reads', () => {
  const paths = [
    '/streams',
    '/streams/stock-1',
    '/streams/stock-1/state?revision=0',
    '/events',
    `/correlations/${randomId()}`,
  ];

  it.each(['customer', 'staff'])('is no %s', async (role) => {
    const reader = randomId();
    for (const path of paths)
      expectProblem(await callAt(url, 'GET', path, { as: `${reader}:${role}` }), 403, 'auth.forbidden');
    expect(await readsOf(reader)).toEqual([]);
  });

  it('is recorded with what was read', async () => {
    const reader = randomId();
    const asked = [
      ...[`/streams?prefix=stock`, `/streams/${counted.stock}?limit=1`, `/streams/${counted.stock}/state?revision=1`],
      ...[`/streams/${counted.stock}/difference?fromRevision=0&toRevision=1`, `/correlations/${counted.correlationId}`],
    ];
    for (const path of asked) await callAt(url, 'GET', path, { as: `${reader}:admin` });
    await text(await openLines(`${url}/events?category=stock`, `${reader}:auditor`));
    expect(await readsOf(reader)).toEqual(
      [...asked, '/events?category=stock'].map((path) => `GET /api/v1/audit${path}`),
    );
  });

  it('is recorded with the view of which they begin a replay, and where that stops', async () => {
    const reader = randomId();
    const asked = { as: `${reader}:auditor`, body: { view: 'orders', at: '42' } };
    // Nobody keeps views here: whoever asks is recorded before that shows.
    expectProblem(await callAt(url, 'POST', '/replays', asked), 503, 'service.unavailable');
    expect(await readsOf(reader)).toEqual(['POST /api/v1/audit/replays?view=orders&at=42']);
  });

  it('leaves nothing of their own in the record: the name of a view', async () => {
    const reader = randomId();
    const asked = { as: `${reader}:auditor`, body: { view: 'ada@example.org', at: '42' } };
    expectProblem(await callAt(url, 'POST', '/replays', asked), 404, 'projection.not_found');
    expect(await readsOf(reader)).toEqual([]);
  });

  it.each([
    ['/streams/ada@example.org', 404, 'route.not_found'],
    ['/streams/ada-lovelace', 404, 'audit.no_such_category'],
    ['/streams/ada-lovelace/state?revision=0', 404, 'audit.no_such_category'],
    ['/streams?prefix=ada', 404, 'audit.no_such_category'],
    ['/streams?prefix=ada@example.org', 400, 'request.invalid'],
    ['/correlations/ada.lovelace', 404, 'audit.no_such_correlation'],
    ['/replays/ada.lovelace', 404, 'audit.no_replay'],
    ['/replays/ada.lovelace/rows', 404, 'audit.no_replay'],
    [`/replays/${randomId()}/rows?cursor=ada@example.org`, 400, 'request.invalid_cursor'],
    ['/verifications/ada.lovelace', 404, 'audit.no_verification'],
    ['/proofs/ada.lovelace', 404, 'audit.not_logged'],
    ['/streams?cursor=ada@example.org', 400, 'request.invalid_cursor'],
    ['/events?actor=ada@example.org', 400, 'request.invalid'],
    ['/events?actor=ada', 400, 'request.invalid'],
    ['/events?correlationId=ada', 400, 'request.invalid'],
    ['/events?category=ada', 404, 'audit.no_such_category'],
    ['/events?type=Ada', 404, 'audit.no_such_type'],
    ['/events?after=ada', 400, 'request.invalid'],
    ['/events?from=ada', 400, 'request.invalid'],
    ['/events?email=ada@example.org', 400, 'request.invalid'],
  ])('leaves nothing of their own in the record: %s', async (path, status, code) => {
    const reader = randomId();
    expectProblem(await callAt(url, 'GET', path, { as: `${reader}:auditor` }), status, code);
    expect(await readsOf(reader)).toEqual([]);
  });
});
