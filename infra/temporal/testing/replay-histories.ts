import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { ignoreRuns } from '../tracing-interceptors.js';
import { installRuntime } from '../worker-runtime.js';
import { bundleSources } from './bundle-sources.js';
import { historyFromJson, type HistoryJson } from './history-json.js';

const workflows = join(import.meta.dirname, '../../../workflows');

/**
 * Replays the recorded histories of a folder of `workflows/` with the workflows as they are written now. Gives what
 * came of each, by the name of its path: `null`, or why workflows that went this path cannot go on.
 *
 * @throws Error where the workflows cannot be bundled, or a history cannot be read.
 */
export const replayHistories = async (folder: string): Promise<ReadonlyMap<string, string | null>> => {
  installRuntime(pino({ level: 'silent' }));
  const target = await mkdtemp(join(tmpdir(), 'evermart-replay-'));
  try {
    const options = { workflowBundle: { codePath: await bundleSources(folder, target) }, sinks: ignoreRuns };
    const outcomes = new Map<string, string | null>();
    for await (const { workflowId, error } of Worker.runReplayHistories(options, await readHistories(folder)))
      outcomes.set(workflowId, error?.message ?? null);
    return outcomes;
  } finally {
    await rm(target, { recursive: true });
  }
};

/** Replay calls a workflow by the name of its path. */
const readHistories = async (folder: string) => {
  const histories = join(workflows, folder, 'histories');
  return Promise.all(
    (await readdir(histories)).toSorted().map(async (file) => ({
      workflowId: parse(file).name,
      history: historyFromJson(JSON.parse(await readFile(join(histories, file), 'utf8')) as HistoryJson),
    })),
  );
};
