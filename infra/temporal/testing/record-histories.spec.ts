import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyFromJson, type HistoryEvent } from './history-json.js';
import { recordHistories } from './record-histories.js';

const scheduled = {
  ...{ eventId: '2', eventType: 'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED' },
  workflowTaskScheduledEventAttributes: { attempt: 1 },
};
const timer = { eventId: '3', eventType: 'EVENT_TYPE_TIMER_STARTED', timerStartedEventAttributes: { timerId: '1' } };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'evermart-histories-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A workflow whose history is each of these in turn, as it goes on. */
const workflow = (...histories: readonly (readonly HistoryEvent[])[]) => {
  const left = [...histories];
  return { fetchHistory: () => Promise.resolve(historyFromJson({ events: left.shift() ?? [] })) };
};

const record = (names: readonly string[], again = false, went = workflow) => {
  const paths = Object.fromEntries(names.map((name) => [name, () => Promise.resolve(went([timer]))]));
  const startWorld = () => Promise.resolve({ stop: () => Promise.resolve() });
  return recordHistories(root, { folder: 'histories', paths, startWorld }, again);
};

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: root });

it('keeps a history of each path that has none, an event a line', async () => {
  expect(await record(['sent'])).toEqual(['histories/sent.json']);
  expect(await record(['sent', 'failed'])).toEqual(['histories/failed.json']);
  expect(await record(['sent', 'failed'])).toEqual([]);
  expect(readdirSync(join(root, 'histories'))).toEqual(['failed.json', 'sent.json']);
  expect(readFileSync(join(root, 'histories/sent.json'), 'utf8')).toBe(`{"events":[\n${JSON.stringify(timer)}\n]}\n`);
});

it('keeps it once what the workflow was told has been dealt with', async () => {
  await record(['sent'], false, () => workflow([scheduled], [scheduled, timer]));
  expect(readFileSync(join(root, 'histories/sent.json'), 'utf8')).toContain('TIMER_STARTED');
});

it('records all of them again where that is asked for', async () => {
  await record(['sent']);
  expect(await record(['sent', 'failed'], true)).toEqual(['histories/sent.json', 'histories/failed.json']);
});

it('refuses to record one anew that was committed and removed', async () => {
  await record(['sent']);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--no-gpg-sign', '--message', 'first');
  rmSync(join(root, 'histories/sent.json'));
  await expect(record(['sent', 'failed'])).rejects.toThrow('histories/sent.json is missing: take it back from git');
  expect(readdirSync(join(root, 'histories'))).toEqual([]);
  expect(await record(['sent'], true)).toEqual(['histories/sent.json']);
});
