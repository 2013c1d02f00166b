import { startAuditCommandLine } from '../testing/audit-command-line.js';

let commandLine: Awaited<ReturnType<typeof startAuditCommandLine>>;
beforeEach(async () => {
  commandLine = await startAuditCommandLine();
});
afterEach(() => commandLine.gateway.close());

describe('verify', () => {
  const running = { id: 'v1', state: 'running', progress: { done: 0, total: 0 } };
  const done = {
    id: 'v1',
    state: 'done',
    progress: { done: 9, total: 9 },
    through: '900',
    checkpoint: 'evermart\n9\n',
  };
  const firstDifference = { position: '77', stream: 'order-1', revision: 3, kind: 'changed' };

  it.each([
    ['intact', 0, { ...done, intact: true }, 'Intact: everything up to position 900.\nevermart\n9'],
    [
      ...(['different', 1, { ...done, intact: false, firstDifference }] as const),
      'Different from position 77 on, stream order-1, revision 3: changed',
    ],
    ['not known', 2, { ...running, state: 'failed' }, 'The verification v1 could not be completed; nothing is known.'],
    [
      ...(['not known, and why,', 2, { ...running, state: 'failed', failure: 'checkpoints_unreachable' }] as const),
      'The verification v1 could not be completed; nothing is known.\n' +
        'The checkpoints that were published cannot be read now: verify again when they can.',
    ],
  ])('says %s with its words and its exit code %d', async (_, code, ended, words) => {
    commandLine.answers({
      'POST /verifications': { status: 202, body: running },
      'GET /verifications/v1': { body: ended },
    });
    const outcome = await commandLine.run('verify');
    expect(outcome).toMatchObject({ code, printed: words });
    expect(outcome.progress).toEqual([`[${'-'.repeat(30)}]   ? %`]);
    expect(JSON.parse((await commandLine.run('verify', '--json')).printed)).toEqual(ended);
  });

  it('says after some looks that nobody has begun', async () => {
    let looks = 0;
    commandLine.answers({
      'POST /verifications': { status: 202, body: running },
      'GET /verifications/v1': () => ({ body: (looks += 1) < 6 ? running : { ...done, intact: true } }),
    });
    const { progress } = await commandLine.run('verify');
    expect(progress).toEqual([
      ...Array.from({ length: 5 }, () => `[${'-'.repeat(30)}]   ? %`),
      'The auditor has not begun; is it running?',
    ]);
  });

  it.each([
    ['a difference', 1, false],
    ['nothing, for nobody has read that all is intact', 2, true],
  ])('leaves with what it found where that cannot be printed: %s', async (_, code, intact) => {
    commandLine.answers({ 'POST /verifications': { status: 202, body: { ...done, intact, firstDifference } } });
    expect(await commandLine.attemptUnread('verify')).toMatchObject({ code, error: { message: 'nobody reads' } });
  });

  it('leaves with 2 where it is refused', async () => {
    commandLine.answers({});
    expect(await commandLine.attempt('verify')).toMatchObject({ code: 2, error: { name: 'ApiProblem' } });
  });
});
