import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '../../infra/event-store/event-store.js';
import { once } from '../../infra/process/once.js';
import { within } from '../../infra/process/within.js';
import type { Postgres } from '../../infra/postgres/postgres.js';
import { createTidying } from './drop-builds.js';
import { createKnownControls } from './known-controls.js';
import { createLeases, type Lease } from './leases.js';
import { migrateViews } from './migrations.js';
import type { BuildStatus } from './pulse.js';
import { runBuild, type RunnerParts, type RunningBuild } from './running-build.js';
import { createStatuses } from './statuses.js';
import { createReplayRecords } from './replays/replay-records.js';
import { createReplaying } from './replays/replaying.js';
import { settleAside } from './settle-aside.js';
import type { ViewBuilds } from './view-builds.js';
import type { BuildDefinition, ViewDefinition } from './view-definition.js';

/** The views as this process keeps them. */
export type RunningProjections = Readonly<{
  /** How this process gets on, by build; nothing of those of which it keeps no partition. */
  statuses: () => ReadonlyMap<string, BuildStatus>;
  /** Whether all partitions of the builds that serve are kept, by this process or others, and everything is applied. */
  isLive: (view: string) => Promise<boolean>;
  /** Ends after the batches under way, and lets others go on at once. */
  stop: () => Promise<void>;
}>;

export type ProjectionsSettings = RunnerParts &
  Readonly<{
    builds: ViewBuilds;
    postgres: Postgres;
    eventStore: Pick<EventStore, 'follow' | 'head' | 'readStream' | 'readNewer' | 'lastStoredBy'>;
    /** The name of this process among those that share the views. */
    instance: string;
    /** How often it is looked what there is to do. */
    lookEveryMs?: number;
  }>;

/**
 * Keeps views up to date, together with every other process that does so: whoever is there shares the partitions, and
 * who is not heard of is replaced. What people ask for (a rebuild, a switch, a retry) is found in the databases.
 */
export const runProjections = (settings: ProjectionsSettings): RunningProjections => {
  const { builds, postgres, eventStore, instance, log, lookEveryMs = 500 } = settings;
  const stopping = new AbortController();
  const { signal } = stopping;
  const isStopping = () => signal.aborted;
  const leases = createLeases(postgres);
  const statuses = createStatuses(postgres);
  const running = new Map<string, RunningBuild>();
  const controls = createKnownControls(builds, (store, error) => tell(store)(error));
  const tidying = createTidying({ builds, leases }, (view, error) => tell(view)(error));
  const replaying = createReplaying({ ...settings, records: createReplayRecords(postgres), signal });
  const settling = new Map<string, Promise<void>>();
  let reading = Promise.resolve();
  const ending = new Set<Promise<void>>();
  const attending = new Set<string>();
  const failing = new Set<string>();
  const migrated = once(() => migrateViews(postgres));
  let last = new Map<string, BuildStatus>();
  let leased: readonly Lease[] = [];
  let isHurried = false;
  let wake: () => void = () => undefined;

  const look = async () => {
    await migrated();
    // A store that says nothing holds up its own views only: leases last for less than it is waited for.
    reading = controls.read();
    await within(lookEveryMs, reading, undefined);
    const wanted = controls.wanted();
    await shareLeases(wanted);
    endUnwanted(wanted);
    attend();
    await tellStatuses();
    for (const definition of builds.definitions) settle(definition);
    tidying.look();
    replaying.look();
  };

  const shareLeases = async (wanted: readonly BuildDefinition[]) => {
    leased = await leases.share(
      instance,
      wanted.map(({ build }) => build),
    );
    for (const definition of wanted) {
      const one = running.get(definition.build) ?? runBuild(definition, settings, paceOf(definition));
      running.set(definition.build, one);
      one.hold(leased.filter(({ build }) => build === definition.build));
    }
  };

  /** A build that does not serve takes turns with those that do: they keep their latency. */
  const paceOf =
    ({ of, view }: BuildDefinition) =>
    async (tookMs: number) => {
      if (controls.isAside(view.name, of)) await delay(tookMs, undefined, { signal }).catch(() => undefined);
    };

  /** Not waited for, nor is what comes next: a batch under way may take longer than leases last. */
  const endUnwanted = (wanted: readonly BuildDefinition[]) => {
    const names = new Set(wanted.map(({ build }) => build));
    for (const [build, one] of [...running].filter(([name]) => !names.has(name))) {
      running.delete(build);
      const end = one.stop().finally(() => ending.delete(end));
      ending.add(end);
    }
  };

  /** One build of a store after another: all at once would take a connection each. */
  const attend = () => {
    for (const store of ['postgres', 'mongodb'] as const) {
      if (attending.has(store)) continue;
      attending.add(store);
      void attendIn(store).finally(() => attending.delete(store));
    }
  };

  const attendIn = async (store: ViewDefinition['view']['store']) => {
    for (const { definition, attend: attendTo } of running.values()) {
      const { build, view } = definition;
      if (view.store !== store) continue;
      try {
        await attendTo();
        failing.delete(build);
      } catch (error) {
        if (!failing.has(build)) tell(view.name)(error);
        failing.add(build);
      }
    }
  };

  const tellStatuses = async () => {
    const asked = eventStore.head().then(
      (position) => position?.commit ?? null,
      () => null,
    );
    const head = await within(lookEveryMs, asked, null);
    last = new Map([...running].map(([build, one]) => [build, one.status(head)]));
    await statuses.tell(instance, last);
  };

  const settle = (definition: ViewDefinition) => {
    const { name } = definition.view;
    const control = controls.of(definition);
    const aside = control?.aside && builds.buildOf(definition, control.aside)?.build;
    if (!aside || settling.has(name)) return;
    // Whoever keeps the first partition does it, so that two do not take it from each other for ever.
    if (!leased.some(({ build, partition }) => build === aside && partition === 0)) return;
    const parts = { ...settings, leases, statuses, signal };
    const work = settleAside(parts, definition, control).then(hurry, tell(name));
    settling.set(
      name,
      work.finally(() => settling.delete(name)),
    );
  };

  /** Looks again at once: leases were given back. */
  const hurry = (isNeeded: boolean) => {
    isHurried ||= isNeeded;
    if (isNeeded) wake();
  };

  const tell = (view: string) => (error: unknown) => {
    if (!isStopping()) log.warn({ view, err: error }, 'a view cannot be looked after now');
  };

  const run = async () => {
    let isAway = false;
    while (!isStopping()) {
      try {
        await look();
        isAway = false;
      } catch (error) {
        if (!isAway && !isStopping()) log.warn({ err: error }, 'the views cannot be looked after now');
        isAway = true;
      }
      await untilNext();
    }
  };

  const untilNext = async () => {
    // While builds change hands, those who read wait for what is looked at next.
    const areChanging = controls.toSettle().some(({ build }) => last.get(build)?.state === 'live');
    const waitMs = areChanging ? lookEveryMs / 5 : lookEveryMs;
    if (!isHurried && !isStopping()) await within(waitMs, new Promise<void>((resolve) => (wake = resolve)), undefined);
    isHurried = false;
  };

  const ended = run();
  return {
    statuses: () => last,
    isLive: async (view) => {
      const live = controls.live(view);
      return live !== null && (await statuses.all()).get(live.build)?.state === 'live';
    },
    stop: async () => {
      stopping.abort();
      wake();
      await ended;
      await Promise.all([reading, ...ending, ...[...running.values()].map((one) => one.stop())]);
      // A comparison may go through large tables: it is of no use any more.
      await within(lookEveryMs, Promise.all([tidying.ended(), replaying.ended(), ...settling.values()]), undefined);
      // Where it cannot be told, the leases expire.
      await leases.leave(instance).catch(() => undefined);
      await statuses.tell(instance, new Map()).catch(() => undefined);
    },
  };
};
