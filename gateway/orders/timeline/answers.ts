import { IsOptional } from 'class-validator';
import { examples } from '../../http/examples.js';
import { Example, Id, Instant, ListOf, ListOfNames, ListOfTexts, MapOf, OneOf, Text } from '../../http/fields.js';
import { timelineKinds } from './timeline.js';

/** What may be missing of a timeline. */
export const timelineSources = ['correlations', 'temporal', 'jaeger', 'projections'] as const;

const traceId = '0af7651916cd43dd8448eb211c80319c';
const reserved = {
  ...{ at: examples.at, kind: 'saga', name: `reserve ${examples.productId}`, actor: '(saga)', traceId },
  detail: { step: 'activity', activity: 'reserveStock', outcome: 'completed', attempts: 1, durationMs: 8.4 },
} as const;

/** Something that happened with an order. */
@Example(reserved)
export class TimelineEntryAnswer {
  @Instant()
  at!: string;

  @OneOf(timelineKinds)
  kind!: string;

  @Text(500)
  name!: string;

  @IsOptional()
  @Text(200)
  actor?: string;

  @IsOptional()
  @Text(32)
  traceId?: string;

  @MapOf({})
  detail!: Readonly<Record<string, unknown>>;
}

/** All that happened with an order; `missing` names the sources that could not be asked, or not for all. */
@Example({ orderId: examples.orderId, traceIds: [traceId], entries: [reserved], missing: [] })
export class TimelineAnswer {
  @Id()
  orderId!: string;

  @ListOfTexts(1_000)
  traceIds!: readonly string[];

  @ListOf(TimelineEntryAnswer, 50_000)
  entries!: readonly TimelineEntryAnswer[];

  @ListOfNames(timelineSources)
  missing!: readonly string[];
}
