import { constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { openJournal, type Journal, type Seen } from './journal.js';
import { work } from './load.js';
import { randomFrom, type Random } from './random.js';
import { startServerProcess, type ServerProcess } from './server-process.js';
import { EventsLost, verify } from './verification.js';

/** What a round was about. */
export type Round = Readonly<{ number: number; kind: Kind; answers: number; events: number }>;

export type KillOptions = Readonly<{ rounds: number; seed: number; onRound?: (round: Round) => void }>;

/** `load` is killed among appends, `start` before it listens, `stop` while it ends as it was asked to. */
const kinds = ['load', 'load', 'load', 'load', 'start', 'stop'] as const;
type Kind = (typeof kinds)[number];

/** As many rounds share a file: each finds what those before it have left. */
const roundsOfFile = 6;

/**
 * Kills the event store again and again, and looks each time at what is there when it is started anew.
 *
 * @throws EventsLost when something that was acknowledged or read is gone. The file is kept, as it was when the server
 * was killed; the message says where.
 */
export const killInRounds = async ({ rounds, seed, onRound }: KillOptions): Promise<void> => {
  const random = randomFrom(seed);
  for (let first = 0; first < rounds; first += roundsOfFile) {
    const folder = mkdtempSync(join(tmpdir(), 'event-store-kill-'));
    let known: readonly Seen[] = [];
    for (let number = first; number < Math.min(first + roundsOfFile, rounds); number += 1) {
      const kind = number === first ? 'load' : random.oneOf(kinds);
      try {
        const { answers, all } = await killOnce(join(folder, 'events.db'), kind, known, random);
        known = all;
        onRound?.({ number: number + 1, kind, answers, events: all.length });
      } catch (error) {
        throw new EventsLost(
          `Round ${number + 1} (${kind}), seed ${seed}: ${error instanceof Error ? error.message : String(error)}. ` +
            `The files are in ${folder}, as they were after the kill in ${join(folder, asKilled)}`,
          { cause: error },
        );
      }
    }
    rmSync(folder, { recursive: true });
  }
};

const asKilled = 'as-killed';

const killOnce = async (file: string, kind: Kind, known: readonly Seen[], random: Random) => {
  const journal = openJournal();
  const server = startServerProcess(file);
  const answers =
    kind === 'start' ? await killAtStart(server, random) : await killAtWork(server, kind, known, journal, random);
  keepAsKilled(file);
  return { answers, all: await lookAt(file, known, journal) };
};

const killAtStart = async (server: ServerProcess, random: Random) => {
  await killAfter(server, random.between(50, 300));
  return 0;
};

const killAtWork = async (
  server: ServerProcess,
  kind: Kind,
  known: readonly Seen[],
  journal: Journal,
  random: Random,
) => {
  const client = EventStoreDBClient.connectionString(await server.url);
  const { enough, ...shape } = random.oneOf(shapes)(random, known.length);
  const grace = random.between(0, kind === 'stop' ? 40 : 15);
  let answers = 0;
  let killed: Promise<void> | undefined;
  const kill = () => {
    if (kind === 'stop') server.kill('SIGTERM');
    return killAfter(server, grace);
  };
  await work(
    { client, journal, random, ...shape },
    () => killed !== undefined,
    (position) => {
      answers += 1;
      if (enough(answers, position)) killed ??= kill();
    },
  );
  await killed;
  await client.dispose();
  return answers;
};

type Shape = Readonly<{ largest: number; filling: number; enough: (answers: number, position: number) => boolean }>;

/** Few events; so many that the indexes are written; so large ones that the write-ahead log is taken into the file. */
const shapes: readonly ((random: Random, known: number) => Shape)[] = [
  (random) => {
    const most = random.between(1, 400);
    return { largest: 20, filling: 200, enough: (answers) => answers >= most };
  },
  (random, known) => {
    const last = (Math.floor(known / indexedAtOnce) + 1) * indexedAtOnce + random.between(-100, 1_000);
    return { largest: 400, filling: 10, enough: (_, position) => position >= last };
  },
  (random) => {
    const most = random.between(1, 80);
    return { largest: 40, filling: 20_000, enough: (answers) => answers >= most };
  },
];

const indexedAtOnce = 8_192;

/** The moment, not the end of something, is what is waited for. */
const killAfter = async (server: ServerProcess, milliseconds: number) => {
  await pause(milliseconds);
  server.kill('SIGKILL');
  await server.exited;
};

const keepAsKilled = (file: string) => {
  const folder = join(dirname(file), asKilled);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const name of [file, `${file}-wal`, `${file}-journal`])
    if (existsSync(name)) copyFileSync(name, join(folder, basename(name)), constants.COPYFILE_FICLONE);
};

const lookAt = async (file: string, known: readonly Seen[], journal: Journal) => {
  const server = startServerProcess(file);
  const client = EventStoreDBClient.connectionString(await server.url);
  try {
    return await verify(client, known, journal);
  } finally {
    await client.dispose();
    server.kill('SIGTERM');
    await server.exited;
  }
};
