import { mostReplays, replayPoint } from '../../projections/runner/queries.js';
import {
  Digits,
  Example,
  Formed,
  Integer,
  ListOf,
  ListOfTexts,
  MapOf,
  Nullable,
  One,
  OneOf,
  Text,
} from '../http/fields.js';
import { examples } from '../http/examples.js';
import { PageDto } from '../http/shapes.js';

const most = Number.MAX_SAFE_INTEGER;
const id = '6f1f0a52-6a0e-4c1c-9d3c-0b8f5c1d2e3f';

@Example({ view: 'orders', at: '2026-01-31T09:30:00.000Z' })
export class ReplayBody {
  @Text(100)
  view!: string;

  @Formed(replayPoint, 'a position, or an instant in ISO 8601 with its offset')
  at!: string;
}

/** How far a replay has come, in positions of the log. */
export class ReplayProgressAnswer {
  @Integer(0, most)
  done!: number;

  @Integer(0, most)
  total!: number;
}

/**
 * How the rows of a replay differed, when it was done, from those of the view that served: rows that only the replay has,
 * that only the view has, and that both have with other content. `keys` are some of them.
 */
export class ReplayDifferenceAnswer {
  @Integer(0, most)
  added!: number;

  @Integer(0, most)
  missing!: number;

  @Integer(0, most)
  changed!: number;

  @ListOfTexts(20)
  keys!: readonly string[];
}

const replay = {
  ...{ id, view: 'orders', at: '2026-01-31T09:30:00.000Z', position: '4711', state: 'done' },
  ...{ progress: { done: 4711, total: 4711 }, rows: 120, checksum: '845512340091', parkedKeys: 0 },
  difference: { added: 0, missing: 3, changed: 1, keys: [examples.orderId] },
};

/** A view as it was at a position of the log, built again aside. */
@Example(replay)
export class ReplayAnswer {
  @Text(64)
  id!: string;

  @Text(100)
  view!: string;

  @Text(64)
  at!: string;

  @Nullable()
  @Digits()
  position!: string | null;

  @OneOf(['running', 'done', 'failed'])
  state!: string;

  @One(ReplayProgressAnswer)
  progress!: ReplayProgressAnswer;

  @Nullable()
  @Integer(0, most)
  rows!: number | null;

  @Nullable()
  @Digits()
  checksum!: string | null;

  @Nullable()
  @Integer(0, most)
  parkedKeys!: number | null;

  @Nullable()
  @One(ReplayDifferenceAnswer)
  difference!: ReplayDifferenceAnswer | null;
}

@Example({ items: [replay], nextCursor: null })
export class ReplaysAnswer extends PageDto {
  @ListOf(ReplayAnswer, mostReplays)
  items!: readonly ReplayAnswer[];
}

/** A row as the view kept it then: personal fields are sealed. */
export class ReplayedRowAnswer {
  @Text(1_000)
  key!: string;

  @MapOf({})
  row!: object;

  @Digits()
  position!: string;
}

@Example({
  items: [{ key: examples.orderId, row: { id: examples.orderId, status: 'PAID' }, position: '4700' }],
  nextCursor: null,
})
export class ReplayedRowsAnswer extends PageDto {
  @ListOf(ReplayedRowAnswer, 100)
  items!: readonly ReplayedRowAnswer[];
}
