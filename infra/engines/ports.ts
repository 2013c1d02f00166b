import { createServer, type Server } from 'node:net';

/** A port of 127.0.0.1 that nothing else can take until `release`, after which its process may listen on it. */
export type HeldPort = Readonly<{ number: number; release: () => Promise<void> }>;

/** Gives the port asked for or, when that is busy, the next free one. */
export type HoldPort = (preferred: number) => Promise<HeldPort>;

/** Whether a process could listen on the port now. */
export const isFree = async (port: number, host = '127.0.0.1'): Promise<boolean> => {
  const server = await listen(port, host);
  if (server === null) return false;
  await close(server);
  return true;
};

/**
 * Holds the port, or the next free one, from now on: an engine may be minutes from starting, while other processes
 * have been told its port and a second launcher looks for free ones. Whoever connects meanwhile is turned away.
 *
 * @throws Error when no higher port is free either.
 */
export const holdPort: HoldPort = async (preferred) => {
  for (let port = preferred; port < 65_536; port += 1) {
    const server = await listen(port, '127.0.0.1');
    if (server !== null) return { number: port, release: () => close(server) };
  }
  throw new Error(`No port from ${preferred} on is free`);
};

/** As `holdPort`, in a range of ports away from the usual ones, where a test disturbs nobody. */
export const holdRandomPort: HoldPort = () => holdPort(20_000 + Math.floor(Math.random() * 12_000));

/** A port of that range that nothing listens on just now. */
export const freePort = async (): Promise<number> => {
  const held = await holdRandomPort(0);
  await held.release();
  return held.number;
};

const listen = (port: number, host: string): Promise<Server | null> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    if (server.listening) server.close(() => resolve());
    else resolve();
  });
