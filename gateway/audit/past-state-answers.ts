import { IsOptional } from 'class-validator';
import { examples } from '../http/examples.js';
import { Example, Instant, Integer, ListOf, MapOf, One, Text } from '../http/fields.js';
import type { JsonObject, Json } from './plain-json.js';

const stream = `order-${examples.orderId}`;
const at = '2026-01-31T09:30:00.000Z';

export class PastStateQuery {
  @IsOptional()
  @Integer(0, Number.MAX_SAFE_INTEGER - 1)
  revision?: number;

  @IsOptional()
  @Instant()
  at?: string;
}

@Example({ stream, revision: 1, at, state: { status: 'PAID', orderId: examples.orderId } })
export class PastStateAnswer {
  @Text(300)
  stream!: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  revision!: number;

  @Instant()
  at!: string;

  @MapOf({})
  state!: JsonObject;
}

export class DifferenceQuery {
  @IsOptional()
  @Integer(0, Number.MAX_SAFE_INTEGER - 1)
  fromRevision?: number;

  @IsOptional()
  @Instant()
  fromAt?: string;

  @IsOptional()
  @Integer(0, Number.MAX_SAFE_INTEGER - 1)
  toRevision?: number;

  @IsOptional()
  @Instant()
  toAt?: string;
}

export class PastPointAnswer {
  @Integer(0, Number.MAX_SAFE_INTEGER)
  revision!: number;

  @Instant()
  at!: string;
}

export class ChangeAnswer {
  @Text(10_000, 0)
  path!: string;

  @IsOptional()
  before?: Json;

  @IsOptional()
  after?: Json;
}

@Example({
  ...{ stream, from: { revision: 0, at }, to: { revision: 1, at } },
  changes: [{ path: '/status', before: 'PENDING', after: 'PAID' }],
})
export class DifferenceAnswer {
  @Text(300)
  stream!: string;

  @One(PastPointAnswer)
  from!: PastPointAnswer;

  @One(PastPointAnswer)
  to!: PastPointAnswer;

  @ListOf(ChangeAnswer, 1_000_000)
  changes!: ChangeAnswer[];
}
