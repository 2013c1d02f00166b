import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { offer } from '../projection/apart.js';

/** What a server is to know. */
export type Setting = Readonly<{
  /** The Ed25519 key that tokens are signed with, PKCS #8 in DER. */
  signingKey: Uint8Array;
  /** Where spans are exported to; none are made without. */
  spansTo?: string;
}>;

/** What a process used since it was asked to begin. */
export type Use = Readonly<{
  cpuMicroseconds: number;
  /** The share of the time in which its thread had something to do: at 1 it could not answer more. */
  busy: number;
}>;

/** Within a process of its own: serves what a benchmark sends, and says what that took. `open` gives a server that listens. */
export const serve = (open: (setting: Setting) => Promise<Server>) => {
  let begun: Readonly<{ cpu: NodeJS.CpuUsage; loop: EventLoopUtilization }> | undefined;
  const works = {
    /** Gives the port. */
    open: async (setting: Setting): Promise<number> => {
      const server = await open(setting);
      return (server.address() as AddressInfo).port;
    },
    begin: () => {
      begun = { cpu: process.cpuUsage(), loop: performance.eventLoopUtilization() };
      return Promise.resolve();
    },
    used: (): Promise<Use> => {
      const { user, system } = process.cpuUsage(begun?.cpu);
      return Promise.resolve({
        cpuMicroseconds: user + system,
        busy: performance.eventLoopUtilization(begun?.loop).utilization,
      });
    },
  };
  offer(works);
  return works;
};

/** The same server, on a port that was free. */
export const listening = async (server: Server): Promise<Server> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

/** The process that is asked. */
export type Serving = ReturnType<typeof serve>;
