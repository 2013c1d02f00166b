import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be made to fall silent without a connection being closed or refused, and to refuse. */
export type FreezingProxy = Readonly<{
  url: string;
  /** From now on nothing comes through, either way; new connections are taken and left unanswered. */
  freeze: () => void;
  thaw: () => void;
  /** From now on every connection is refused, as where no process listens; those that there are end. */
  refuse: () => Promise<void>;
  /** Takes connections again. */
  accept: () => Promise<void>;
  close: () => Promise<void>;
}>;

/** Leads to the server of `target`, a URL. Frozen, it is as a server whose process was stopped by SIGSTOP. */
export const startFreezingProxy = async (target: string): Promise<FreezingProxy> => {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from
        .on('error', () => to.destroy())
        .on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
      if (isFrozen) from.pause();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  const refuse = async () => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
    await once(server, 'close');
  };
  return {
    url: url.href,
    freeze: () => {
      isFrozen = true;
      sockets.forEach((socket) => socket.pause());
    },
    thaw: () => {
      isFrozen = false;
      sockets.forEach((socket) => socket.resume());
    },
    refuse,
    accept: async () => {
      server.listen(Number(url.port), '127.0.0.1');
      await once(server, 'listening');
    },
    close: refuse,
  };
};
