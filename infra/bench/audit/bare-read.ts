import { EventStoreDBClient, type RecordedEvent } from '@eventstore/db-client';

/** Reads `$all` with the client alone, gives every event but those of the store itself to `take`, and says how many came. */
export const readBare = async (url: string, take: (event: RecordedEvent) => void): Promise<number> => {
  const client = EventStoreDBClient.connectionString(url);
  let read = 0;
  await new Promise<void>((resolve, reject) => {
    client
      .readAll()
      .on('data', ({ event }) => {
        if (!event || event.streamId.startsWith('$')) return;
        take(event);
        read += 1;
      })
      .on('error', reject)
      .on('end', resolve);
  });
  await client.dispose();
  return read;
};
