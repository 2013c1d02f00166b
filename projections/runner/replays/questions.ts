import { fields, id, integer, optional, parseBy, type Parser } from '../../../domains/shared/parse.js';
import { uuidPattern } from '../../../domains/shared/uuid.js';
import { replayPoint } from '../../shared/replay.js';
import type { Replays } from './replays.js';

/** The operations on replays as questions: `replay`, `replays`, `replayOf`, `replayRows` and `dropReplay`. */
export const replayQuestions = (replays: Replays): Readonly<Record<string, (data: unknown) => Promise<unknown>>> => ({
  replay: async (data) => replays.begin(parseReplay(data)),
  replays: replays.all,
  replayOf: async (data) => replays.one(parseOne(data).id),
  replayRows: async (data) => {
    const { id: which, ...page } = parseRows(data);
    return replays.rows(which, page);
  },
  dropReplay: async (data) => {
    await replays.drop(parseOne(data).id);
    return null;
  },
});

const matching =
  (pattern: RegExp, detail: string): Parser<string> =>
  (value, pointer, report) => {
    if (typeof value !== 'string' || !pattern.test(value)) report({ pointer, detail });
    return value as string;
  };

/** Names of tables are made of it. */
const uuid = matching(uuidPattern, 'must be a UUID in lower case');
/** A row's key, which need not be an id. */
const key = matching(/^[^\0]{1,1000}$/s, 'must be the key of a row');
const point = matching(replayPoint, 'must be a position, or an instant in ISO 8601');

/** The most rows that are given at once. */
const mostRows = 101;

const parseReplay = parseBy(fields({ id: uuid, view: id, at: point }));
const parseOne = parseBy(fields({ id }));
const parseRows = parseBy(fields({ id, after: optional(key), limit: integer(1, mostRows) }));
