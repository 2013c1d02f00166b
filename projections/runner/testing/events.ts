import { categoryOf, type StoredEvent } from '../../../infra/event-store/stored-event.js';

/** Specs only. An event at a position of `$all`, which tells its time as well. */
export const event = (streamId: string, position: number, type: string, data: StoredEvent['data']): StoredEvent => ({
  id: `${streamId}@${position}`,
  streamId,
  category: categoryOf(streamId),
  revision: position,
  position: { commit: BigInt(position), prepare: BigInt(position) },
  type,
  data,
  metadata: {
    $correlationId: 'c',
    $causationId: 'c',
    commandId: 'c',
    actor: 'somebody',
    at: new Date(Date.UTC(2030, 0, 1) + position * 1000).toISOString(),
    schemaVersion: 1,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
  created: new Date(),
});
