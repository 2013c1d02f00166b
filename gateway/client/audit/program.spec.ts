import { CommanderError } from 'commander';
import { startAuditCommandLine } from '../testing/audit-command-line.js';
import { auditProgram } from './program.js';

it('explains each command with examples', () => {
  const program = auditProgram({} as never);
  for (const command of program.commands) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toContain(`Examples:\n  npm run audit -- ${command.name()}`);
    expect(help).toContain('--json');
  }
  expect(program.commands.map((each) => each.name())).toEqual([
    'stream',
    'events',
    'state',
    'replay',
    'verify',
    'export',
    'check',
  ]);
});

describe('what is typed', () => {
  const attempt = async (...args: readonly string[]) => {
    const commandLine = await startAuditCommandLine();
    await commandLine.gateway.close();
    return commandLine.attempt(...args);
  };

  it.each([
    [],
    ['verfy'],
    ['verify', '--jsn'],
    ['verify', 'x'],
    ['check', 'f'],
    ['check'],
    ['stream'],
    ['export'],
    ['state', 's', '--at', '2026-01-31T09:30:00Z', '--revision', '1'],
  ])('is not taken for a difference where nobody understands it: %j %j %j', async (...args) =>
    expect(await attempt(...args)).toMatchObject({ code: 2, error: expect.any(CommanderError) as CommanderError }),
  );

  it.each([['--help'], ['verify', '--help'], ['help', 'check']])('may be a question: %j %j', async (...args) =>
    expect(await attempt(...args)).toMatchObject({ code: 0, error: expect.any(CommanderError) as CommanderError }),
  );
});
