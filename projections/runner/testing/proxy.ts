import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Tests only. The way to a server that can be cut: connections end, and new ones are refused until it is mended. */
export type Proxy = Readonly<{ url: string; cut: () => void; mend: () => void; close: () => Promise<void> }>;

/** Stands before the server of a connection string; `url` is the same string with the proxy's address. */
export const startProxy = async (target: string): Promise<Proxy> => {
  const [address = '', host = '', port = ''] = /([\w.-]+):(\d+)(?=[/?]|$)/.exec(target) ?? [];
  const sockets = new Set<Socket>();
  let isCut = false;
  const hold = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    socket
      .on('error', () => other.destroy())
      .on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    socket.pipe(other);
  };
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(port), host);
    hold(client, upstream);
    hold(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: target.replace(address, `127.0.0.1:${(server.address() as AddressInfo).port}`),
    cut: () => {
      isCut = true;
      drop();
    },
    mend: () => {
      isCut = false;
    },
    close: async () => {
      server.close();
      drop();
      await once(server, 'close');
    },
  };
};
