import { Decimal, Example, Instant, Integer, MapOf, One, OneOf, Text } from '../http/fields.js';

const most = Number.MAX_SAFE_INTEGER;
const reached = { 'event-store': 'up', postgres: 'up', 'first-account': 'up' };
const dependencies = { 'event-store': 'up', postgres: 'up', mongodb: 'up', temporal: 'up' };

/** In bytes. */
export class MemoryAnswer {
  @Integer(0, most)
  rss!: number;

  @Integer(0, most)
  heapTotal!: number;

  @Integer(0, most)
  heapUsed!: number;
}

/** In seconds since the start. */
export class CpuAnswer {
  @Decimal()
  user!: number;

  @Decimal()
  system!: number;
}

const upOrDown = { type: 'string', enum: ['up', 'down'] };

/** How this process, and all that it works with, is; `uptime` is in seconds. */
@Example({
  ...{ status: 'ok', service: 'gateway', version: '0.1.0', uptime: 4711.5 },
  memory: { rss: 214_958_080, heapTotal: 88_080_384, heapUsed: 71_303_168 },
  cpu: { user: 12.5, system: 1.5 },
  ...{ timestamp: '2026-03-14T09:26:53.589Z', dependencies },
})
export class HealthAnswer {
  @OneOf(['ok', 'degraded'])
  status!: string;

  @Text(100)
  service!: string;

  @Text(100)
  version!: string;

  @Decimal()
  uptime!: number;

  @One(MemoryAnswer)
  memory!: MemoryAnswer;

  @One(CpuAnswer)
  cpu!: CpuAnswer;

  @Instant()
  timestamp!: string;

  @MapOf(upOrDown)
  dependencies!: Readonly<Record<string, 'up' | 'down'>>;
}

/** `waiting` until what a gateway needs to begin was there once. */
@Example({ status: 'ready', dependencies: reached })
export class ReadinessAnswer {
  @OneOf(['ready', 'waiting'])
  status!: string;

  @MapOf(upOrDown)
  dependencies!: Readonly<Record<string, 'up' | 'down'>>;
}
