import { IsOptional } from 'class-validator';
import {
  Bool,
  Decimal,
  Digits,
  Example,
  Instant,
  Integer,
  ListOf,
  ListOfTexts,
  Nullable,
  One,
  OneOf,
  Text,
} from '../http/fields.js';
import { examples } from '../http/examples.js';
import { PageDto } from '../http/shapes.js';

const most = Number.MAX_SAFE_INTEGER;

export class RowCountsAnswer {
  @Integer(0, most)
  live!: number;

  @Integer(0, most)
  aside!: number;
}

export class ChecksumsAnswer {
  @Text(200)
  live!: string;

  @Text(200)
  aside!: string;
}

/** A build beside the one that serves, compared with it. */
export class ComparisonAnswer {
  @Digits()
  position!: string;

  @Bool()
  isEqual!: boolean;

  @One(RowCountsAnswer)
  rows!: RowCountsAnswer;

  @One(ChecksumsAnswer)
  checksums!: ChecksumsAnswer;

  @Integer(0, most)
  leftOut!: number;
}

/** How far a build that does not serve has come: `fraction` is from 0 to 1. */
export class BuildProgressAnswer {
  @Integer(0, most)
  version!: number;

  @Nullable()
  @Digits()
  position!: string | null;

  @Nullable()
  @Decimal()
  fraction!: number | null;

  @Nullable()
  @Decimal()
  secondsLeft!: number | null;

  @Decimal()
  rate!: number;

  @Bool()
  isReady!: boolean;

  @Bool()
  switches!: boolean;

  @Nullable()
  @One(ComparisonAnswer)
  comparison!: ComparisonAnswer | null;
}

const orders = {
  ...{ name: 'orders', store: 'postgres', categories: ['order'], version: 3, state: 'live', position: '41093' },
  ...{ lagEvents: 0, lagSeconds: 0, rate: 12.5, parkedKeys: 0, canRollBack: false },
};

/** A view, with how far it has come. */
@Example(orders)
export class ProjectionAnswer {
  @Text(100)
  name!: string;

  @OneOf(['postgres', 'mongodb'])
  store!: string;

  @ListOfTexts(100)
  categories!: readonly string[];

  @Integer(0, most)
  version!: number;

  @OneOf(['live', 'catching_up', 'rebuilding', 'stopped'])
  state!: string;

  @Nullable()
  @Digits()
  position!: string | null;

  @Integer(0, most)
  lagEvents!: number;

  @Decimal()
  lagSeconds!: number;

  @Decimal()
  rate!: number;

  @Integer(0, most)
  parkedKeys!: number;

  @Bool()
  canRollBack!: boolean;

  @IsOptional()
  @One(BuildProgressAnswer)
  progress?: BuildProgressAnswer;
}

@Example({ items: [orders], nextCursor: null })
export class ProjectionsAnswer extends PageDto {
  @ListOf(ProjectionAnswer, 1_000)
  items!: readonly ProjectionAnswer[];
}

/** An event that a view could not take. */
export class ParkedEventAnswer {
  @Digits()
  position!: string;

  @Text(300)
  key!: string;

  @Text(300)
  stream!: string;

  @Integer(0, most)
  revision!: number;

  @Text(100)
  eventId!: string;

  @Text(200)
  type!: string;

  @Text(10_000, 0)
  error!: string;

  @Instant()
  parkedAt!: string;

  @Nullable()
  @OneOf(['retry', 'discard'])
  request!: string | null;
}

@Example({
  items: [
    {
      ...{ position: '40112', key: examples.orderId, stream: `order-${examples.orderId}`, revision: 3 },
      ...{ eventId: '5b0c1d2e-3f4a-5b6c-8d7e-9f0a1b2c3d4e', type: 'OrderPaid', error: 'TypeError' },
      ...{ parkedAt: examples.at, request: null },
    },
  ],
  nextCursor: null,
})
export class ParkedEventsAnswer extends PageDto {
  @ListOf(ParkedEventAnswer, 100)
  items!: readonly ParkedEventAnswer[];
}

/** What was asked for the parked events of a key. */
@Example({ key: examples.orderId, request: 'retry' })
export class ParkedRequestAnswer {
  @Text(300)
  key!: string;

  @OneOf(['retry', 'discard'])
  request!: string;
}
