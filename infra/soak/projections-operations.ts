import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A comparison of the build of a view that serves with the one that is made aside. */
export type BuildComparison = Readonly<{
  position: string;
  isEqual: boolean;
  rows: Readonly<{ live: number; aside: number }>;
}>;

/** A view, as far as a soak looks at it. */
export type ViewStatus = Readonly<{
  name: string;
  state: string;
  lagSeconds: number;
  parkedKeys: number;
  progress?: Readonly<{ comparison: BuildComparison | null }>;
}>;

/** What people can do with views. */
export type ViewOperations = Readonly<{
  list: () => Promise<readonly ViewStatus[]>;
  rebuild: (name: string) => Promise<unknown>;
  switch: (name: string) => Promise<unknown>;
  rollback: (name: string) => Promise<unknown>;
  drop: (name: string) => Promise<unknown>;
}>;

/** The operations by the command line, as a person gives them. @param env the variables that lead to the engines. */
export const operationsByCommand = (env: Readonly<Record<string, string>>): ViewOperations => ({
  list: async () => (await projectionsCommand(['list'], env)) as readonly ViewStatus[],
  rebuild: (name) => projectionsCommand(['rebuild', name], env),
  switch: (name) => projectionsCommand(['switch', name], env),
  rollback: (name) => projectionsCommand(['rollback', name], env),
  drop: (name) => projectionsCommand(['drop', name], env),
});

const entry = fileURLToPath(new URL('../../projections/command-line/main.js', import.meta.url));

/** Runs `npm run projections -- … --json`. Gives what it printed. @throws Error with what it complained of. */
const projectionsCommand = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<unknown> => {
  const { stdout } = await promisify(execFile)(process.execPath, [entry, ...args, '--json'], { env });
  return JSON.parse(stdout);
};

/** Looks at a view until something is so of it. */
export const untilView = async (
  operations: ViewOperations,
  name: string,
  isSo: (view: ViewStatus) => boolean,
): Promise<ViewStatus> => {
  for (;;) {
    const view = (await operations.list()).find((each) => each.name === name);
    if (view && isSo(view)) return view;
    await pause(100);
  }
};

/**
 * Builds views anew and compares each with the one that serves, which was kept all the while. Says what is wrong: another
 * outcome, a view without rows, events that were left behind.
 */
export const compareWithRebuilt = async (
  operations: ViewOperations,
  views: readonly string[],
): Promise<readonly string[]> => {
  for (const name of views) await operations.rebuild(name);
  const wrong: string[] = [];
  for (const name of views) {
    const { progress, parkedKeys } = await untilView(operations, name, (view) => isCompared(view));
    wrong.push(...wrongWith(name, progress?.comparison ?? null, parkedKeys));
    await operations.drop(name);
  }
  return wrong;
};

/** Whether what is built aside was compared. */
export const isCompared = ({ progress }: ViewStatus): boolean =>
  progress?.comparison !== null && progress !== undefined;

const wrongWith = (name: string, comparison: BuildComparison | null, parkedKeys: number): readonly string[] => {
  if (!comparison) return [`${name} was not compared`];
  const { isEqual, rows, position } = comparison;
  return [
    ...(isEqual ? [] : [`${name} is another at ${position}: ${rows.live} rows, and ${rows.aside} when built anew`]),
    ...(rows.live === 0 ? [`${name} has no rows`] : []),
    ...(parkedKeys === 0 ? [] : [`${name} has left events of ${parkedKeys} keys behind`]),
  ];
};
