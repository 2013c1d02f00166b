import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';

import { isInHistory } from '../../golden-events/in-history.js';
import { historyToJson, type HistoryEvent } from './history-json.js';
import { scrubbed } from './scrub-history.js';

export type WorkflowToRecord = Pick<WorkflowHandle, 'fetchHistory'>;

/** A process of `workflows/` with every path that its workflows may go, by name. */
export type Recording<World> = Readonly<{
  /** Of its recorded histories, from the root of the repository. */
  folder: string;
  paths: Readonly<Record<string, (world: World) => Promise<WorkflowToRecord>>>;
  startWorld: () => Promise<World>;
}>;

/**
 * Goes every path that has no recorded history yet, or `again` every path, and writes the history of each beside the
 * others. Gives the files that it wrote.
 *
 * @throws Error naming a history that git knows and that was removed: there may be sagas that went this path.
 */
export const recordHistories = async <World extends Readonly<{ stop: () => Promise<void> }>>(
  root: string,
  { folder, paths, startWorld }: Recording<World>,
  again: boolean,
): Promise<readonly string[]> => {
  const fileOf = (name: string) => `${folder}/${name}.json`;
  const wanted = Object.entries(paths).filter(([name]) => again || !existsSync(join(root, fileOf(name))));
  const removed = wanted.map(([name]) => fileOf(name)).find((file) => !again && isInHistory(root, file));
  if (removed !== undefined) throw new Error(goneFrom(removed));
  if (wanted.length === 0) return [];

  await mkdir(join(root, folder), { recursive: true });
  const world = await startWorld();
  try {
    for (const [name, go] of wanted) await writeFile(join(root, fileOf(name)), textOf(await settled(await go(world))));
  } finally {
    await world.stop();
  }
  return wanted.map(([name]) => fileOf(name));
};

/** The history of a workflow that has ended or waits for something: what it has just been told is dealt with. */
const settled = async (workflow: WorkflowToRecord): Promise<readonly HistoryEvent[]> => {
  for (;;) {
    const { events } = historyToJson(await workflow.fetchHistory());
    if (!isUnderWay.has(events.at(-1)?.eventType)) return scrubbed(events);
  }
};

const isUnderWay: ReadonlySet<unknown> = new Set([
  'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED',
  'EVENT_TYPE_WORKFLOW_TASK_STARTED',
]);

/** An event a line, so that it can be compared with another. */
const textOf = (events: readonly HistoryEvent[]) =>
  `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;

const goneFrom = (file: string) =>
  `${file} is missing: take it back from git, since workflows that went this path may be under way`;
