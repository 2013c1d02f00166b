import type { Socket } from 'node:net';
import type { ServerResponse } from 'node:http';
import { createClientAddress, type ClientAddress } from './client-address.js';

/** How much is done at once. */
export type InFlightBounds = Readonly<{
  /** Requests that are being answered. */
  most: number;
  /** Requests that wait until another one is done, and how long. */
  mostWaiting: number;
  waitMs: number;
  /** Requests of one connection: HTTP/1.1 lets a client send any number of them without reading an answer. */
  mostOfConnection: number;
  /** Requests of one client, however many connections it has. */
  mostOfClient: number;
}>;

/** Fewer than would fill the memory with their bodies, more than are ever under way where all is well. */
export const inFlightBounds: InFlightBounds = {
  ...{ most: 512, mostWaiting: 256, waitMs: 1_000 },
  ...{ mostOfConnection: 64, mostOfClient: 128 },
};

/** The least that is done at once, however bad things are. */
const least = 8;

export type InFlight = Readonly<{
  /** Begins as soon as there is room for one more, or refuses. A client that goes away meanwhile is forgotten. */
  enter: (response: ServerResponse, begin: () => void, refuse: () => void) => void;
  /** What is being answered takes no room any more. It takes none after its answer is closed in any case. */
  leave: (response: ServerResponse) => void;
  /** Halves the room under pressure, and opens it again bit by bit. */
  adapt: (isPressed: boolean) => void;
  /** How many requests are answered at once at most, as things are. */
  room: () => number;
}>;

/** The room for requests after `room`: halved under pressure, and then opened by an eighth of what it can be. */
export const nextRoom = (room: number, isPressed: boolean, most: number): number =>
  isPressed ? Math.max(least, Math.floor(room / 2)) : Math.min(most, room + Math.ceil(most / 8));

export const createInFlight = (
  { most, mostWaiting, waitMs, mostOfConnection, mostOfClient }: InFlightBounds,
  addressOf: ClientAddress = createClientAddress(),
): InFlight => {
  const inside = new Set<ServerResponse>();
  const waiting = new Set<() => void>();
  const ofConnection = new WeakMap<Socket, Set<ServerResponse>>();
  const ofClient = new Map<string, number>();
  let room = most;

  const count = (client: string, change: 1 | -1) => {
    const left = (ofClient.get(client) ?? 0) + change;
    if (left === 0) ofClient.delete(client);
    else ofClient.set(client, left);
  };

  const forget = (response: ServerResponse) => {
    if (ofConnection.get(response.req.socket)?.delete(response)) count(addressOf(response.req), -1);
  };

  const leave = (response: ServerResponse) => {
    if (!inside.delete(response)) return;
    forget(response);
    admitWaiting();
  };

  const admitWaiting = () => {
    for (const begin of waiting) {
      if (inside.size >= room) return;
      begin();
    }
  };

  const ofConnectionOf = (socket: Socket): Set<ServerResponse> => {
    const known = ofConnection.get(socket);
    if (known) return known;
    const responses = new Set<ServerResponse>();
    ofConnection.set(socket, responses);
    return responses;
  };

  const goIn = (response: ServerResponse, begin: () => void) => {
    inside.add(response);
    response.once('close', () => leave(response));
    begin();
  };

  const wait = (response: ServerResponse, begin: () => void, refuse: () => void) => {
    const over = () => {
      clearTimeout(timer);
      waiting.delete(enter);
    };
    const enter = () => {
      over();
      if (response.req.socket.destroyed) forget(response);
      else goIn(response, begin);
    };
    const timer = setTimeout(() => {
      over();
      forget(response);
      refuse();
    }, waitMs).unref();
    waiting.add(enter);
  };

  return {
    enter: (response, begin, refuse) => {
      const others = ofConnectionOf(response.req.socket);
      const client = addressOf(response.req);
      if (others.size >= mostOfConnection || (ofClient.get(client) ?? 0) >= mostOfClient) {
        refuse();
        return;
      }
      const hasRoom = inside.size < room;
      if (!hasRoom && (waiting.size >= mostWaiting || room < most)) {
        refuse();
        return;
      }
      others.add(response);
      count(client, 1);
      if (hasRoom) goIn(response, begin);
      else wait(response, begin, refuse);
    },
    leave,
    adapt: (isPressed) => {
      room = nextRoom(room, isPressed, most);
      admitWaiting();
    },
    room: () => room,
  };
};
