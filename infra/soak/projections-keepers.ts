import { setTimeout as pause } from 'node:timers/promises';
import { createPostgres } from '../postgres/postgres.js';
import { createRoleProcess, type RoleProcess } from './role-process.js';

/** Several processes of the projections, which share the views. */
export type Keepers = Readonly<{
  all: readonly RoleProcess[];
  /** Resolves once all are ready: every view is kept, and has applied what there is. */
  whenReady: () => Promise<void>;
  /** Resolves once this one keeps something. */
  whenKeeping: (one: RoleProcess) => Promise<void>;
  /** Resolves once this one keeps nothing any more: others have taken it, or may. */
  whenReplaced: (one: RoleProcess) => Promise<void>;
  stop: () => Promise<void>;
}>;

export type KeepersSettings = Readonly<{
  /** The built entry file of the projections. */
  entry: string;
  count: number;
  /** The variables that lead to the engines, and the master key. */
  env: Readonly<Record<string, string>>;
}>;

/** Starts them; resolves when they are ready. */
export const startKeepers = async ({ entry, count, env }: KeepersSettings): Promise<Keepers> => {
  const postgres = createPostgres(env['POSTGRES_URL'] ?? '', 2);
  const all = await Promise.all(
    Array.from({ length: count }, () => createRoleProcess({ entry, env, portVariable: 'PROJECTIONS_PORT' })),
  );

  const keeps = async (one: RoleProcess): Promise<boolean> => {
    // The name of a process among those that share views holds its id.
    const { rows } = await postgres.query(
      'select from projection_leases where owner like $1 and expires > clock_timestamp() limit 1',
      [`%/${one.pid()}/%`],
    );
    return rows.length > 0;
  };
  const until = async (one: RoleProcess, isKeeping: boolean) => {
    while ((await keeps(one)) !== isKeeping) await pause(50);
  };

  const keepers: Keepers = {
    all,
    whenReady: async () => {
      await Promise.all(all.map((one) => one.whenReady()));
    },
    whenKeeping: (one) => until(one, true),
    whenReplaced: (one) => until(one, false),
    stop: async () => {
      await Promise.all(all.map((one) => one.stop()));
      await postgres.end();
    },
  };
  for (const one of all) one.start();
  try {
    await keepers.whenReady();
  } catch (error) {
    await keepers.stop();
    throw error;
  }
  return keepers;
};
