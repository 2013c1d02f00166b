import { ensureSchema, reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';

/** One process that offers contexts. */
export type Instance = Readonly<{
  /** UUID, made when the process starts. */
  instanceId: string;
  contexts: readonly string[];
  /** Under which others reach it. */
  url: string;
  version: string;
}>;

/** An instance of a context, as others see it: `DOWN` once it has not given a sign of life for a while. */
export type ListedInstance = Readonly<{
  instanceId: string;
  url: string;
  version: string;
  startedAt: Date;
  heartbeatAt: Date;
  status: 'UP' | 'DOWN';
}>;

/** Who offers which context, in PostgreSQL and by its clock. Every method throws `service.unavailable` without it. */
export type ServiceRegistry = Readonly<{
  /** A sign of life; the first one registers. */
  beat: (instance: Instance) => Promise<void>;
  deregister: (instanceId: string) => Promise<void>;
  /** Every instance of a context, by its start. Those that were never deregistered are forgotten after a day. */
  list: (context: string) => Promise<readonly ListedInstance[]>;
}>;

const schema = `create table if not exists service_instances (
  context text not null,
  instance_id uuid not null,
  url text not null,
  version text not null,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now(),
  primary key (context, instance_id)
)`;

/** So long without a sign of life make an instance `DOWN`. */
export const downAfterMs = 30_000;

export const createServiceRegistry = (postgres: Postgres): ServiceRegistry => {
  const prepared = once(() => ensureSchema(postgres, schema));
  const query = (text: string, values: unknown[]) =>
    reachingPostgres(async () => {
      await prepared();
      return postgres.query<ListedInstance>(text, values);
    });
  return {
    beat: async ({ instanceId, contexts, url, version }) => {
      await query(
        `insert into service_instances (context, instance_id, url, version)
         select context, $2, $3, $4 from unnest($1::text[]) context
         on conflict (context, instance_id) do update set heartbeat_at = now()`,
        [contexts, instanceId, url, version],
      );
      await query(`delete from service_instances where heartbeat_at < now() - interval '1 day'`, []);
    },
    deregister: async (instanceId) => {
      await query('delete from service_instances where instance_id = $1', [instanceId]);
    },
    list: async (context) => {
      const { rows } = await query(
        `select instance_id as "instanceId", url, version, started_at as "startedAt", heartbeat_at as "heartbeatAt",
           case when heartbeat_at > now() - $2 * interval '1 millisecond' then 'UP' else 'DOWN' end as status
         from service_instances where context = $1 order by started_at, instance_id`,
        [context, downAfterMs],
      );
      return rows;
    },
  };
};
