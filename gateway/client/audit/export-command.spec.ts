import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAuditCommandLine, tokens } from '../testing/audit-command-line.js';

let commandLine: Awaited<ReturnType<typeof startAuditCommandLine>>;
beforeEach(async () => {
  commandLine = await startAuditCommandLine();
});
afterEach(() => commandLine.gateway.close());

describe('export', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evermart-export-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('puts what is asked for into the file', async () => {
    commandLine.answers({ 'POST /exports': { body: { some: 'bytes' } } });
    const out = join(folder, 'order.tar.gz');
    const { printed } = await commandLine.run('export', '--stream', 'order-1', '--out', out);
    expect(commandLine.gateway.came.at(-1)?.body).toBe('{"stream":"order-1"}');
    expect(await readFile(out, 'utf8')).toBe('{"some":"bytes"}');
    expect(printed).toContain(`npm run audit -- check ${out} --key public-key.pem`);
  });

  it('is not asked for again where it took too long', async () => {
    const body = { code: 'service.timeout', detail: 'The auditor took too long; try again, or export less' };
    commandLine.answers({ 'POST /exports': { status: 504, body } });
    const refused = commandLine.run('export', '--stream', 'order-1', '--out', join(folder, 'order.tar.gz'));
    await expect(refused).rejects.toMatchObject({ code: 'service.timeout' });
    expect(commandLine.gateway.came.filter(({ path }) => path.endsWith('/exports'))).toHaveLength(1);
  });

  it('leaves nothing of a bundle that breaks off', async () => {
    commandLine.answers({});
    commandLine.gateway.answer(({ path }, response) => {
      if (path === '/api/v1/auth/token') return { body: tokens };
      response.writeHead(200).write('half of', () => response.destroy());
      return undefined;
    });
    const refused = commandLine.run('export', '--from', 'a', '--to', 'b', '--out', join(folder, 'period.tar.gz'));
    await expect(refused).rejects.toMatchObject({ name: 'TypeError' });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([[[]], [['--from', 'a']], [['--stream', 's', '--correlation', 'c']]])(
    'wants one selection, not %j',
    async (selection) => {
      await expect(commandLine.run('export', ...selection, '--out', '/nowhere/x')).rejects.toThrow('Give one of');
    },
  );
});
