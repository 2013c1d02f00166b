import { hostname } from 'node:os';

/** Where the server listens. `caFile` is what clients trust, where it is not in their own lists. */
export type Place = Readonly<{ host: string; port: number; hasTls: boolean; caFile: string | undefined }>;

/** The connection string for a client on this machine, without a user. */
export const connectionString = ({ host, port, hasTls, caFile }: Place): string => {
  if (!hasTls) return `esdb://${host.includes(':') ? `[${host}]` : host}:${port}?tls=false`;
  const trust = caFile === undefined ? '' : `&tlsCAFile=${encodeURIComponent(caFile)}`;
  return `esdb://${reachable(host)}:${port}?tls=true${trust}`;
};

/** A name for the addresses that stand for all, and for those of IPv6, which clients take in no connection string. */
const reachable = (host: string) => {
  if (host === '::1') return 'localhost';
  return host === '0.0.0.0' || host.includes(':') ? hostname() : host;
};
