import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { builtEntry } from '../../../infra/engines/installation.js';
import { event } from '../testing/audit-command-line.js';
import { startFakeGateway, type FakeGateway } from '../testing/fake-gateway.js';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const entry = builtEntry('gateway/client/audit/main.js');
const auditor = { EVERMART_EMAIL: 'auditor@example.org', EVERMART_PASSWORD: 'who watches' };
const env = (more: NodeJS.ProcessEnv = {}) => ({ PATH: process.env.PATH, DATA_DIR: '/nowhere', ...auditor, ...more });

type Outcome = Readonly<{ code: number; complaint: string }>;

const audit = (args: readonly string[], more?: NodeJS.ProcessEnv): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [entry, ...args], { env: env(more) }, (error, _output, complaint) =>
      resolve({ code: error ? Number(error.code) : 0, complaint }),
    );
  });

const tokens = { body: { accessToken: 'access', refreshToken: 'refresh' } };

describe('npm run audit', () => {
  it('signs in as the environment says', async () => {
    gateway.answer(() => tokens);
    await audit(['state', 'order-1', '--url', gateway.url]);
    expect(gateway.came[0]?.body).toBe('{"email":"auditor@example.org","password":"who watches"}');
  });

  it.each<[string, readonly string[], NodeJS.ProcessEnv, Outcome]>([
    [
      ...(['no platform', ['stream', 'order-1'], {}] as const),
      { code: 1, complaint: 'No platform was started in /nowhere. Run npm start first, or give --url.\n' },
    ],
    [
      ...(['half an account', ['stream', 'order-1', '--url', 'x'], { EVERMART_PASSWORD: undefined }] as const),
      { code: 1, complaint: 'Set both EVERMART_EMAIL and EVERMART_PASSWORD, or neither.\n' },
    ],
    [
      ...(['nobody who could tell', ['verify', '--url', 'http://127.0.0.1:1'], {}] as const),
      { code: 2, complaint: 'The platform cannot be reached, or the connection broke; try again.\n' },
    ],
    [
      ...(['no file', ['check', '/nowhere/x', '--key', '/nowhere/key'], {}] as const),
      { code: 2, complaint: expect.stringContaining('/nowhere/key cannot be read') as string },
    ],
  ])('says that there is %s', async (_, args, more, outcome) => expect(await audit(args, more)).toEqual(outcome));

  it('says what is refused, and its code', async () => {
    gateway.answer(() => ({ status: 403, body: { code: 'auth.forbidden', detail: 'Not for customers' } }));
    expect(await audit(['verify', '--url', gateway.url])).toEqual({
      code: 2,
      complaint: 'Not for customers (auth.forbidden)\n',
    });
  });

  const outcomeOf = async (child: ChildProcess): Promise<Outcome> => {
    const [complaint, [code]] = await Promise.all([
      child.stderr === null ? '' : text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    return { code, complaint };
  };

  const different = { id: 'v1', state: 'done', progress: { done: 9, total: 9 }, through: '900', intact: false };

  it.each([
    ['verify', 'a difference that was found', different, 1],
    ['verify', 'that nobody has read that all is intact', { ...different, intact: true }, 2],
    ['state order-1 --revision 0', 'a failure', { stream: 'order-1', revision: 0, at: 'then', state: {} }, 1],
  ])('says by its exit code where `%s` finds its output full: %s', async (line, _, body, code) => {
    gateway.answer(({ path }) => (path === '/api/v1/auth/token' ? tokens : { body }));
    const full = await open('/dev/full', 'w');
    try {
      const child = spawn(process.execPath, [entry, ...line.split(' '), '--url', gateway.url], {
        ...{ env: env(), stdio: ['ignore', full.fd, 'pipe'] },
      });
      const complaint: unknown = expect.stringMatching(/^What was asked for cannot be printed: .*ENOSPC.*\n$/);
      expect(await outcomeOf(child)).toEqual({ code, complaint });
    } finally {
      await full.close();
    }
  });

  it.each([
    ['verify', different, 1],
    ['verify', { ...different, intact: true }, 2],
    ['events', event(0), 0],
  ])('leaves without a word where nobody reads on: %s', async (command, body, code) => {
    gateway.answer(({ path }) => (path === '/api/v1/auth/token' ? tokens : { body }));
    const child = spawn(process.execPath, [entry, command, '--url', gateway.url], { env: env() });
    child.stdout.destroy();
    expect(await outcomeOf(child)).toEqual({ code, complaint: '' });
  });

  it.each([
    [['verify', '--jsn']],
    [['check', 'bundle.tar.gz']],
    [['replay', 'stock']],
    [['export', '--out', 'x']],
    [[]],
  ])('leaves with 2, which is no difference, where it does not understand %j', async (args) =>
    expect(await audit(args)).toMatchObject({ code: 2, complaint: expect.stringMatching(/./) as string }),
  );

  it('leaves a replay to the platform on Ctrl-C', async () => {
    const running = { id: 'r1', view: 'stock', state: 'running', progress: { done: 1, total: 2 } };
    gateway.answer(({ path }) => (path === '/api/v1/auth/token' ? tokens : { body: running }));
    const child = spawn(process.execPath, [entry, 'replay', 'stock', '--at', '1', '--url', gateway.url], {
      env: env(),
    });
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
    while (!complaint.includes('50 %')) await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(complaint.trim().split('\n').at(-1)).toBe(
      'It goes on without you: npm run audit -- replay --list shows how far it is.',
    );
  });
});
