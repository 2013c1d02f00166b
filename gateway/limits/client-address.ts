import { isIPv6, type Socket } from 'node:net';

/**
 * What a client is told apart by: its IPv4 address, or the /64 network of its IPv6 address, since whoever has one
 * address of such a network has them all (RFC 6177). It is the connection's: what a header says of it anybody can write.
 */
export const clientAddress = (socket: Socket): string => {
  const known = addresses.get(socket);
  if (known !== undefined) return known;
  const address = networkOf(socket.remoteAddress ?? 'unknown');
  addresses.set(socket, address);
  return address;
};

const addresses = new WeakMap<Socket, string>();

export const networkOf = (address: string): string => {
  const [, ipv4] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (ipv4 !== undefined) return ipv4;
  return isIPv6(address) ? `${groupsOf(address).slice(0, 4).join(':')}::/64` : address;
};

/** The first groups; those that `::` stands for are 0. */
const groupsOf = (address: string): readonly string[] => {
  const [head = '', tail] = address.split('%')[0]?.toLowerCase().split('::') ?? [];
  const [before, after] = [split(head), split(tail ?? '')];
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(Math.max(0, missing)).fill('0'), ...after];
};

const split = (groups: string) =>
  groups === '' ? [] : groups.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
