import type { Streams } from '../http/streams.js';
import { clientAddress } from './client-address.js';
import type { InFlight } from './in-flight.js';
import { overloaded } from './limit-reached.js';
import type { Admit } from './rate-limits.js';

/** The most streams that are open at once, and those of one address. */
export type StreamBounds = Readonly<{ most: number; mostOfClient: number }>;

/** Each is a connection, but costs nothing while nothing happens. */
export const streamBounds: StreamBounds = { most: 5_000, mostOfClient: 500 };

export type OpenStreams = Readonly<{
  /** These are bound by their own number rather than by that of requests. */
  streams: Streams;
  /** Lets in for a stream as `admit` does. @throws DomainError `gateway.overloaded` where too many are open. */
  admitStream: (admit: Admit) => Admit;
}>;

export const createOpenStreams = (
  streams: Streams,
  inFlight: Pick<InFlight, 'leave'>,
  { most, mostOfClient }: StreamBounds = streamBounds,
): OpenStreams => {
  const byClient = new Map<string, number>();
  let open = 0;
  const count = (client: string, change: 1 | -1) => {
    open += change;
    const ofClient = (byClient.get(client) ?? 0) + change;
    if (ofClient === 0) byClient.delete(client);
    else byClient.set(client, ofClient);
  };
  return {
    streams: {
      ...streams,
      send: async (response, stream) => {
        const client = clientAddress(response.req.socket);
        count(client, 1);
        inFlight.leave(response);
        try {
          await streams.send(response, stream);
        } finally {
          count(client, -1);
        }
      },
    },
    admitStream: (admit) => async (request, answer) => {
      const caller = await admit(request, answer);
      if (open >= most || (byClient.get(clientAddress(request.socket)) ?? 0) >= mostOfClient)
        throw overloaded('Too many streams are open');
      return caller;
    },
  };
};
