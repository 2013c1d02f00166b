import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createInFlight, nextRoom } from './in-flight.js';

const bounds = { most: 6, mostWaiting: 1, waitMs: 60_000, mostOfConnection: 2, mostOfClient: 3 };

const connectionFrom = (remoteAddress: string) => Object.assign(new EventEmitter(), { remoteAddress });
const requestOn = (socket: EventEmitter) =>
  Object.assign(new EventEmitter(), { req: { socket, headers: {} } }) as unknown as ServerResponse;

describe('requests of one client', () => {
  const startOne = () => {
    const inFlight = createInFlight(bounds);
    const responses: ServerResponse[] = [];
    /** What becomes of one request on each of these connections. */
    const entered = (...sockets: readonly EventEmitter[]) =>
      sockets.map((socket) => {
        let outcome = 'waits';
        const response = requestOn(socket);
        responses.push(response);
        inFlight.enter(
          response,
          () => (outcome = 'begun'),
          () => (outcome = 'refused'),
        );
        return outcome;
      });
    return { entered, responses };
  };

  it('are only so many, however many connections it has', () => {
    const { entered } = startOne();
    const connections = Array.from({ length: 5 }, () => connectionFrom('192.0.2.7'));
    expect(entered(...connections)).toEqual(['begun', 'begun', 'begun', 'refused', 'refused']);
    expect(entered(connectionFrom('192.0.2.8'))).toEqual(['begun']);
  });

  it('leave room for others of it when their answers close', () => {
    const { entered, responses } = startOne();
    const connections = Array.from({ length: 3 }, () => connectionFrom('192.0.2.7'));
    entered(...connections);
    responses[0]?.emit('close');
    expect(entered(connectionFrom('192.0.2.7'), connectionFrom('192.0.2.7'))).toEqual(['begun', 'refused']);
  });
});

describe('the room for requests', () => {
  it('is halved under pressure, down to a few, and opens bit by bit', () => {
    expect([nextRoom(512, true, 512), nextRoom(9, true, 512), nextRoom(256, false, 512)]).toEqual([256, 8, 320]);
    expect(nextRoom(500, false, 512)).toBe(512);
  });
});
