import { conclude, outcomes } from '../../../infra/audit-log/offline/conclusion.js';
import { lackOf } from '../background-work.js';
import type { Page, Replay, ReplayRow } from './answers.js';
import type { AuditApi } from './audit-api.js';
import { asJson, type Common, type Desk } from './desk.js';
import { followWork, progressOf } from './follow-work.js';
import { differenceSentence, tableOfReplays, tableOfRows } from './tables.js';
import { UsageError } from './usage-error.js';

type Options = Common & Readonly<{ at?: string; list?: boolean; rows?: string; drop?: string }>;

/** `replay`: builds a view as it was; or lists what was built, shows its rows, drops it. Leaves with 1 where it failed. */
export const replay =
  (desk: Desk) =>
  async (view: string | undefined, options: Options): Promise<void> => {
    const { list, rows, drop, at } = options;
    if (list) await showReplays(desk, options);
    else if (rows !== undefined) await showRows(desk, rows, options);
    else if (drop !== undefined) await dropReplay(desk, drop, options);
    else if (view !== undefined && at !== undefined) await startReplay(desk, { view, at }, options);
    else throw new UsageError('Name a view and --at, or give --list, --rows or --drop.');
  };

const startReplay = async (
  desk: Desk,
  asked: Readonly<{ view: string; at: string }>,
  { url, json }: Common,
): Promise<void> => {
  const { open, note, openProgress, signal } = desk;
  const audit = await open(url);
  const begun = await audit.post<Replay>('/replays', asked);
  const progress = openProgress();
  const look = (id: string) => audit.get<Replay>(pathOf(id));
  const say = (line: string) => progress.say(`${asked.view}: ${line}`);
  const done = await followWork(begun, { look, say, worker: 'The process of the projections', signal }).finally(() => {
    progress.end();
    if (signal.aborted) note('It goes on without you: npm run audit -- replay --list shows how far it is.');
  });
  const text = json ? asJson(done) : replayText(done);
  await conclude(desk, text, done.state === 'done' ? outcomes.good : outcomes.bad);
};

const replayText = (replay: Replay): string => {
  const { id, view, at, position, state, rows, checksum, parkedKeys, difference } = replay;
  const lack = lackOf(parkedKeys);
  if (state === 'failed') return `The replay ${id} of ${view} failed after ${progressOf(replay)}.`;
  return [
    `${view} as it was at ${at}${position === null || position === at ? '' : ` (position ${position})`}: ${rows ?? 0} rows, checksum ${checksum ?? 'none'}`,
    ...(lack === null ? [] : [`${lack}: it is not all that the view was.`]),
    ...(difference ? [`From the view that serves it differs ${differenceText(difference)}`] : []),
    `npm run audit -- replay --rows ${id}   shows its rows`,
    `npm run audit -- replay --drop ${id}   drops it`,
  ].join('\n');
};

const differenceText = (difference: NonNullable<Replay['difference']>): string => {
  const keys = difference.keys.length === 0 ? '' : `: ${difference.keys.join(', ')}`;
  return `${differenceSentence(difference)}${keys}`;
};

/** So few are kept that there is one page of them. */
const showReplays = async ({ open, print }: Desk, { url, json }: Common): Promise<void> => {
  const { items } = await (await open(url)).get<Page<Replay>>('/replays');
  if (json) await print(asJson(items));
  else await print(items.length === 0 ? 'No replay is kept.' : tableOfReplays(items));
};

/** Page by page, since there may be many: with `--json` a row a line. */
const showRows = async ({ open, print }: Desk, id: string, { url, json }: Common): Promise<void> => {
  for await (const page of pages<ReplayRow>(await open(url), `${pathOf(id)}/rows`)) {
    if (!json) await print(tableOfRows(page.items));
    else for (const row of page.items) await print(JSON.stringify(row));
  }
};

const dropReplay = async ({ open, print }: Desk, id: string, { url, json }: Common): Promise<void> => {
  await (await open(url)).drop(pathOf(id));
  await print(json ? asJson({ id, dropped: true }) : `The replay ${id} was dropped.`);
};

async function* pages<Item>(audit: AuditApi, path: string): AsyncGenerator<Page<Item>, void> {
  let cursor: string | undefined;
  do {
    const page = await audit.get<Page<Item>>(path, { limit: 100, cursor });
    yield page;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

const pathOf = (id: string) => `/replays/${encodeURIComponent(id)}`;
