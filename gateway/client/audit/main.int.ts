import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtEntry } from '../../../infra/engines/installation.js';
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
  ])('says that there is %s', async (_, args, more, outcome) => expect(await audit(args, more)).toEqual(outcome));

  it('says what is refused, and its code', async () => {
    gateway.answer(() => ({ status: 403, body: { code: 'auth.forbidden', detail: 'Not for customers' } }));
    expect(await audit(['verify', '--url', gateway.url])).toEqual({
      code: 2,
      complaint: 'Not for customers (auth.forbidden)\n',
    });
  });

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
