import type { ProcessEntry } from './processes-file.js';
import { createTerminal } from './terminal.js';

const entry = (state: ProcessEntry['state']): ProcessEntry => ({
  ...{ name: 'jaeger', kind: 'engine', pid: null, startTime: null, log: null },
  ...{ url: 'http://127.0.0.1:16686', version: '1', state },
});

const shownOn = (isTTY: boolean) => {
  const written: string[] = [];
  const screen = { isTTY, columns: 60, write: (text: string) => written.push(text) };
  return { terminal: createTerminal(screen, () => 1_200), written };
};

describe('progress', () => {
  it('is a line per change where there is no terminal', () => {
    const { terminal, written } = shownOn(false);
    terminal.show(entry('building'));
    terminal.show(entry('building'));
    terminal.show(entry('ready'));
    expect(written).toEqual(['[  1.2 s] jaeger building\n', '[  1.2 s] jaeger ready at http://127.0.0.1:16686\n']);
  });

  it('is a line per process, drawn over the last, on a terminal', () => {
    const { terminal, written } = shownOn(true);
    terminal.show(entry('building'), '40 %');
    terminal.show(entry('ready'));
    expect(written[0]).toContain('jaeger            building     0.0 s          40 %\n');
    expect(written[1]).toContain('\x1b[1A');
    expect(written[1]).toContain('ready');
  });

  it('keeps what went wrong above the lines', () => {
    const { terminal, written } = shownOn(true);
    terminal.show(entry('unavailable'), 'no way');
    expect(written[0]).toContain('jaeger: no way\n');
  });
});
