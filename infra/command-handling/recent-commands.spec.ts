import { createRecentCommands, mostRemembered } from './recent-commands.js';

const mark = (revision: number) => ({ revision, position: null, requestHash: undefined });
const id = (revision: number) => `command ${revision}`;
const filled = (count: number) => {
  const commands = createRecentCommands();
  for (let revision = 0; revision < count; revision += 1) commands.add(id(revision), mark(revision));
  return commands;
};

describe('recent commands', () => {
  it('are found by their ids, with their last event', () => {
    const commands = filled(2);
    commands.add(id(1), mark(2));
    expect(commands.find(id(0))).toEqual(mark(0));
    expect(commands.find(id(1))).toEqual(mark(2));
    expect(commands.find(id(2))).toBeUndefined();
  });

  it('are the latest ones', () => {
    const commands = filled(mostRemembered + 1);
    expect(commands.size()).toBe(mostRemembered);
    expect(commands.find(id(0))).toBeUndefined();
    expect(commands.find(id(1))).toEqual(mark(1));
  });

  it('are not driven out by older ones that are told once more', () => {
    const commands = filled(2 * mostRemembered);
    for (let revision = 0; revision < mostRemembered; revision += 1) commands.add(id(revision), mark(revision));
    expect(commands.find(id(0))).toBeUndefined();
    expect(commands.entries().map(([commandId]) => commandId)).toEqual(
      Array.from({ length: mostRemembered }, (_, index) => id(mostRemembered + index)),
    );
  });
});
