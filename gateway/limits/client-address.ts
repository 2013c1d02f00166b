import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, isIPv6, type Socket } from 'node:net';

/**
 * What a client is told apart by: its IPv4 address, or the /64 network of its IPv6 address, since whoever has one
 * address of such a network has them all (RFC 6177).
 */
export type ClientAddress = (request: Readonly<{ socket: Connection; headers: IncomingHttpHeaders }>) => string;

type Connection = Pick<Socket, 'remoteAddress'>;

/**
 * The address is the connection's: what a header says of it anybody can write. Of a connection from one of `trusted`
 * (addresses, or networks such as `10.0.0.0/8`) it is the last in X-Forwarded-For that is none of them.
 */
export const createClientAddress = (trusted: readonly string[] = []): ClientAddress => {
  const proxies = blockListOf(trusted);
  const isProxy = (address: string) => proxies !== null && isIn(proxies, address);
  // Of a socket that is closed the address is no longer told.
  const known = new WeakMap<Connection, Readonly<{ address: string; network: string; isProxy: boolean }>>();
  const remoteOf = (socket: Connection) => {
    const seen = known.get(socket);
    if (seen) return seen;
    const { remoteAddress: address = 'unknown' } = socket;
    const remote = { address, network: networkOf(address), isProxy: isProxy(address) };
    known.set(socket, remote);
    return remote;
  };
  return ({ socket, headers }) => {
    const remote = remoteOf(socket);
    return remote.isProxy
      ? networkOf(forwardedFor(remote.address, headers['x-forwarded-for'], isProxy))
      : remote.network;
  };
};

/** Each proxy adds to the end whom it hears from: the first that is none, from there, is the client. */
const forwardedFor = (
  proxy: string,
  header: string | string[] | undefined,
  isProxy: (address: string) => boolean,
): string => {
  let client = proxy;
  for (const address of String(header ?? '')
    .split(',')
    .reverse()) {
    const said = address.trim();
    if (isIP(said) === 0) return client;
    client = said;
    if (!isProxy(client)) return client;
  }
  return client;
};

const blockListOf = (trusted: readonly string[]): BlockList | null => {
  if (trusted.length === 0) return null;
  const list = new BlockList();
  for (const each of trusted) {
    const [address = '', bits] = each.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
};

const isIn = (list: BlockList, address: string): boolean =>
  isIP(address) !== 0 && list.check(address, familyOf(address));

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

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
