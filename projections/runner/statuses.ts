import type { Postgres } from '../../infra/postgres/postgres.js';
import { partitionCount } from '../shared/view.js';
import { leaseSeconds } from './leases.js';
import type { BuildStatus } from './pulse.js';

/** How all processes together get on with a build. */
export type SharedStatus = Omit<BuildStatus, 'state'> & Readonly<{ state: BuildStatus['state'] | 'stopped' }>;

/** What processes tell each other of how they get on. Every method throws when PostgreSQL is away. */
export type Statuses = Readonly<{
  tell: (instance: string, statuses: ReadonlyMap<string, BuildStatus>) => Promise<void>;
  /** By build: what the processes said that were heard of lately. */
  all: () => Promise<ReadonlyMap<string, SharedStatus>>;
}>;

export const createStatuses = (postgres: Postgres): Statuses => ({
  tell: async (instance, statuses) => {
    await postgres.query({
      name: 'tell-status',
      text: `with told as (
               insert into projection_status (build, instance, status, at)
               select build, $1, status::jsonb, clock_timestamp() from unnest($2::text[], $3::text[]) as told (build, status)
               on conflict (build, instance) do update set status = excluded.status, at = excluded.at)
             delete from projection_status
             where at < clock_timestamp() - interval '1 minute' or (instance = $1 and build <> all($2))`,
      values: [instance, [...statuses.keys()], [...statuses.values()].map((status) => JSON.stringify(status))],
    });
  },
  all: async () => {
    const { rows } = await postgres.query<{ build: string; status: BuildStatus }>({
      name: 'all-statuses',
      text: `select build, status from projection_status
             where at > clock_timestamp() - interval '${leaseSeconds} seconds'`,
    });
    const byBuild = new Map<string, BuildStatus[]>();
    for (const { build, status } of rows) byBuild.set(build, [...(byBuild.get(build) ?? []), status]);
    return new Map([...byBuild].map(([build, told]) => [build, together(told)]));
  },
});

/** The furthest behind decides: a view has come as far as all of its partitions. */
export const together = (all: readonly BuildStatus[]): SharedStatus => {
  const keeping = all.filter(({ partitions }) => partitions > 0);
  const partitions = keeping.reduce((sum, status) => sum + status.partitions, 0);
  const positions = keeping.map(({ position }) => position);
  const most = (pick: (status: BuildStatus) => number) => Math.max(0, ...keeping.map(pick));
  return {
    state: stateOf(keeping, partitions),
    partitions,
    position: positions.includes(null)
      ? null
      : (positions.sort((a, b) => Number(BigInt(a ?? 0) - BigInt(b ?? 0)))[0] ?? null),
    lagEvents: most(({ lagEvents }) => lagEvents),
    lagSeconds: most(({ lagSeconds }) => lagSeconds),
    rate: most(({ rate }) => rate),
  };
};

const stateOf = (keeping: readonly BuildStatus[], partitions: number): SharedStatus['state'] => {
  if (keeping.length === 0) return 'stopped';
  if (keeping.some(({ state }) => state === 'waiting')) return 'waiting';
  const isLive = partitions >= partitionCount && keeping.every(({ state }) => state === 'live');
  return isLive ? 'live' : 'catching_up';
};
