import { createHash } from 'node:crypto';
import type { Collection } from 'mongodb';
import type { ViewDocument } from '../shared/mongo-view.js';
import type { Difference } from '../shared/replay.js';
import { canonical } from './mongo-checksum.js';
import { mostDifferingKeys } from './view-store.js';

type Rows = Collection<ViewDocument<object>>;

/** Keeps a digest of each row of one collection in memory: FerretDB has no order that both could be gone through in. */
export const differenceBetween = async (mine: Rows, others: Rows): Promise<Difference> => {
  const digests = new Map<string, string>();
  for await (const { _id, row } of mine.find()) if (row !== null) digests.set(_id, digestOf(row));
  const missing: string[] = [];
  const changed: string[] = [];
  const counts = { missing: 0, changed: 0 };
  const note = (keys: string[], kind: keyof typeof counts, key: string) => {
    counts[kind] += 1;
    if (keys.length < mostDifferingKeys) keys.push(key);
  };
  for await (const { _id, row } of others.find()) {
    if (row === null) continue;
    const digest = digests.get(_id);
    if (digest === undefined) note(missing, 'missing', _id);
    else if (digest !== digestOf(row)) note(changed, 'changed', _id);
    digests.delete(_id);
  }
  const added = [...digests.keys()].slice(0, mostDifferingKeys);
  const keys = [...added, ...missing, ...changed].slice(0, mostDifferingKeys);
  return { added: digests.size, ...counts, keys };
};

const digestOf = (row: object): string => createHash('sha256').update(canonical(row)).digest('base64');
