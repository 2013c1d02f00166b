import { OutputFailed } from '../../../infra/audit-log/offline/output.js';
import type { Difference, StateThen, StoredEvent, StreamPage } from './answers.js';
import type { Asked, AuditApi } from './audit-api.js';
import { asJson, type Common, type Desk } from './desk.js';
import { readEvents } from './read-events.js';
import { lineOfEvent, tableOfChanges, tableOfEvents } from './tables.js';

type StreamOptions = Common & Readonly<{ from?: string; limit?: string; backwards?: boolean }>;

/** `stream`: the events of a stream, a page of them. */
export const showStream =
  ({ open, print, note }: Desk) =>
  async (stream: string, { url, json, from, limit, backwards }: StreamOptions): Promise<void> => {
    const audit = await open(url);
    const direction = backwards ? 'backwards' : 'forwards';
    const page = await audit.get<StreamPage>(pathOf(stream), { from, limit, direction });
    await print(json ? asJson(page) : tableOfEvents(page.items));
    if (page.nextCursor === null || json) return;
    const same = `${limit === undefined ? '' : ` --limit ${limit}`}${backwards ? ' --backwards' : ''}`;
    note(`There are more: npm run audit -- stream ${stream} --from ${page.nextCursor}${same}`);
  };

type EventsOptions = Common &
  Readonly<Partial<Record<'category' | 'type' | 'actor' | 'correlation' | 'from' | 'to' | 'after', string>>>;

/** `events`: the events of all streams, each as it comes. */
export const showEvents =
  ({ open, print, note, signal }: Desk) =>
  async ({ url, json, correlation, ...filters }: EventsOptions): Promise<void> => {
    const audit = await open(url);
    const asked: Asked = { ...filters, correlationId: correlation };
    const onBreak = (after: string | number | undefined) =>
      note(`The connection broke; going on ${after === undefined ? 'from the beginning' : `after position ${after}`}`);
    let last: string | undefined;
    try {
      for await (const line of readEvents(audit, { asked, onBreak, signal })) {
        await print(json ? line : lineOfEvent(JSON.parse(line) as StoredEvent));
        last = line;
      }
    } catch (error) {
      if (last !== undefined && !(error instanceof OutputFailed)) note(cutOffAfter(JSON.parse(last) as StoredEvent));
      throw error;
    }
  };

const cutOffAfter = ({ position }: StoredEvent) =>
  `Cut off after position ${position}; the same command with --after ${position} goes on there.`;

type StateOptions = Common & Readonly<Partial<Record<'revision' | 'at' | 'against', string>>>;

/** `state`: what an aggregate was at a point, and what of it was another at a point before. */
export const showState =
  ({ open, print }: Desk) =>
  async (stream: string, { url, json, revision, at, against }: StateOptions): Promise<void> => {
    const audit = await open(url);
    const point = at === undefined ? { revision: revision ?? (await lastRevisionOf(audit, stream)) } : { revision, at };
    const then = await audit.get<StateThen>(`${pathOf(stream)}/state`, point);
    const difference = against === undefined ? undefined : await differenceOf(audit, { ...then, against });
    if (json) return print(asJson(difference ? { ...then, difference } : then));
    await print(`${stream} at revision ${then.revision}, ${then.at}`);
    await print(asJson(then.state));
    if (difference) await print(differenceText(difference));
  };

const lastRevisionOf = async (audit: AuditApi, stream: string): Promise<number | undefined> =>
  (await audit.get<StreamPage>(pathOf(stream), { limit: 1, direction: 'backwards' })).items[0]?.revision;

const differenceOf = (
  audit: AuditApi,
  { stream, against, revision }: Readonly<{ stream: string; against: string; revision: number }>,
): Promise<Difference> =>
  audit.get(`${pathOf(stream)}/difference`, {
    [isRevision(against) ? 'fromRevision' : 'fromAt']: against,
    toRevision: revision,
  });

const isRevision = (text: string) => /^\d+$/.test(text);

const differenceText = ({ from, changes }: Difference): string =>
  changes.length === 0
    ? `It was the same at revision ${from.revision}, ${from.at}.`
    : `Since revision ${from.revision}, ${from.at}:\n${tableOfChanges(changes)}`;

const pathOf = (stream: string) => `/streams/${encodeURIComponent(stream)}`;
