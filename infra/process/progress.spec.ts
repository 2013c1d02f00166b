import { openProgress } from './progress.js';

const on = (isTTY: boolean) => {
  const written: string[] = [];
  let now = 0;
  const progress = openProgress({ isTTY, columns: 20, write: (text) => written.push(text) }, () => now);
  return { ...progress, written, pass: (milliseconds: number) => (now += milliseconds) };
};

describe('progress', () => {
  it('is one line on a terminal, as wide as there is room', () => {
    const { say, end, written } = on(true);
    say('one');
    say('a line longer than twenty characters');
    end();
    expect(written).toEqual(['\r\x1b[Kone', '\r\x1b[Ka line longer than ', '\n']);
  });

  it('is a line now and then elsewhere, and the last one', () => {
    const { say, end, written, pass } = on(false);
    say('one');
    say('two');
    pass(10_000);
    say('three');
    say('four');
    end();
    expect(written).toEqual(['one\n', 'three\n', 'four\n']);
  });

  it('does not repeat a line at the end', () => {
    const { say, end, written } = on(false);
    say('one');
    end();
    expect(written).toEqual(['one\n']);
  });
});
