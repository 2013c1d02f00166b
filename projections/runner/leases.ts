import { inTransaction, type Postgres, type PostgresConnection } from '../../infra/postgres/postgres.js';
import { partitionCount } from '../shared/view.js';
import { partitionOf } from './partition.js';

/** A partition of a build that somebody may write, under an epoch that is raised whenever it changes hands. */
export type Lease = Readonly<{ build: string; partition: number; epoch: bigint }>;

/** Who may write which partition, on the clock of PostgreSQL. Every method throws when PostgreSQL is away. */
export type Leases = Readonly<{
  /**
   * Says that `instance` lives and keeps these builds, renews what it holds, gives back what is another's to keep and
   * takes what is its own to keep and free: the instances that live share the partitions of each build evenly among those
   * that keep it. Gives all that it holds now.
   */
  share: (instance: string, builds: readonly string[]) => Promise<readonly Lease[]>;
  /** Takes every partition of these builds, whoever holds them: what others are about to write is refused from now on. */
  takeAll: (holder: string, builds: readonly string[]) => Promise<readonly Lease[]>;
  /** Keeps all that is held for another while. */
  renew: (holder: string) => Promise<void>;
  /** Gives back all that is held. */
  giveBack: (holder: string) => Promise<void>;
  /** The builds whose partitions were ever taken, and that were not forgotten. */
  builds: () => Promise<readonly string[]>;
  /** Forgets the partitions of a build that is there no more. */
  forget: (build: string) => Promise<void>;
  /** `giveBack`, and lets the others share at once what was this instance's to keep. */
  leave: (instance: string) => Promise<void>;
}>;

/** A holder that is not heard of for so long is replaced. */
export const leaseSeconds = 5;

const expiry = `clock_timestamp() + interval '${leaseSeconds} seconds'`;

/** By the clock, so that it is higher than all that were given before leases were lost, or came from an older backup. */
const raised = 'greatest(epoch + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint)';

export const createLeases = (postgres: Postgres): Leases => ({
  share: (instance, builds) =>
    inTransaction(postgres, async (connection) => {
      const instances = await livingInstances(connection, instance, builds);
      await addPartitions(connection, builds);
      const mine = builds.flatMap((build) => partitionsOf(build, instance, instances));
      await connection.query({
        name: 'give-back-leases',
        text: `update projection_leases set owner = '', expires = clock_timestamp()
               where owner = $1 and not ((build, partition) in (select * from unnest($2::text[], $3::int[])))`,
        values: [instance, mine.map(({ build }) => build), mine.map(({ partition }) => partition)],
      });
      // In one order, so that two instances that take leases at once do not wait for each other.
      const { rows } = await connection.query<Lease>({
        name: 'hold-leases',
        text: `with wanted as (
                 select build, partition from projection_leases
                 where (build, partition) in (select * from unnest($2::text[], $3::int[]))
                   and (owner = $1 or expires < clock_timestamp())
                 order by build, partition for update skip locked)
               update projection_leases lease set owner = $1, expires = ${expiry},
                 epoch = case when owner = $1 and expires > clock_timestamp() then epoch else ${raised} end
               from wanted where lease.build = wanted.build and lease.partition = wanted.partition
               returning lease.build, lease.partition, lease.epoch`,
        values: [instance, mine.map(({ build }) => build), mine.map(({ partition }) => partition)],
      });
      return rows;
    }),

  takeAll: (holder, builds) =>
    inTransaction(postgres, async (connection) => {
      await addPartitions(connection, builds);
      await connection.query(
        'select from projection_leases where build = any($1) order by build, partition for update',
        [builds],
      );
      const { rows } = await connection.query<Lease>(
        `update projection_leases set owner = $1, epoch = ${raised}, expires = ${expiry}
         where build = any($2) returning build, partition, epoch`,
        [holder, builds],
      );
      return rows;
    }),

  renew: async (holder) => {
    await postgres.query(
      `update projection_leases set expires = ${expiry} where owner = $1 and expires > clock_timestamp()`,
      [holder],
    );
  },

  giveBack: (holder) => giveBack(postgres, holder),

  builds: async () => {
    const { rows } = await postgres.query<{ build: string }>('select distinct build from projection_leases');
    return rows.map(({ build }) => build);
  },

  forget: async (build) => {
    await postgres.query('delete from projection_leases where build = $1', [build]);
    await postgres.query('delete from projection_status where build = $1', [build]);
  },

  leave: async (instance) => {
    await giveBack(postgres, instance);
    await postgres.query('delete from projection_instances where instance = $1', [instance]);
  },
});

const giveBack = async (postgres: Postgres, holder: string): Promise<void> => {
  await postgres.query(`update projection_leases set owner = '', expires = clock_timestamp() where owner = $1`, [
    holder,
  ]);
};

type Instance = Readonly<{ instance: string; builds: readonly string[] }>;

/**
 * The instances that live, in one order for all; those that are long gone are forgotten. One with other code need not know
 * the same builds.
 */
const livingInstances = async (
  connection: PostgresConnection,
  instance: string,
  builds: readonly string[],
): Promise<readonly Instance[]> => {
  await connection.query({
    name: 'live',
    text: `with gone as (
             delete from projection_instances where instance in (
               select instance from projection_instances
               where instance <> $1 and seen < clock_timestamp() - interval '1 minute' for update skip locked))
           insert into projection_instances (instance, builds, seen) values ($1, $2, clock_timestamp())
           on conflict (instance) do update set builds = excluded.builds, seen = excluded.seen`,
    values: [instance, builds],
  });
  const { rows } = await connection.query<Instance>({
    name: 'living',
    text: `select instance, builds from projection_instances
           where seen > clock_timestamp() - interval '${leaseSeconds} seconds' order by instance`,
  });
  return rows;
};

const addPartitions = (connection: PostgresConnection, builds: readonly string[]) =>
  connection.query({
    name: 'add-leases',
    text: `insert into projection_leases (build, partition, owner, epoch, expires)
           select build, partition, '', 0, '-infinity'
           from unnest($1::text[]) build cross join generate_series(0, $2 - 1) partition
           on conflict do nothing`,
    values: [builds, partitionCount],
  });

/** The partitions of a build that are an instance's to keep: those of several builds begin at different instances. */
const partitionsOf = (build: string, instance: string, instances: readonly Instance[]) => {
  const keepers = instances.filter(({ builds }) => builds.includes(build));
  const first = partitionOf(build);
  return Array.from({ length: partitionCount }, (_, partition) => ({ build, partition })).filter(
    ({ partition }) => keepers[(first + partition) % keepers.length]?.instance === instance,
  );
};
