import { isIPv4 } from 'node:net';
import { CannotListen } from '../cannot-listen.js';

/** Where the server is to listen, and what protects it there. */
export type Exposure = Readonly<{ file: string; host: string; port: number; hasTls: boolean; hasUsers: () => boolean }>;

/** @throws CannotListen when others than this machine could reach it without TLS or without a password. */
export const refuseExposure = ({ file, host, port, hasTls, hasUsers }: Exposure): void => {
  if (isLoopback(host) || (hasTls && hasUsers())) return;
  const commands = [
    ...(hasUsers() ? [] : [`evermart-eventstore users set <name> --db ${quoted(file)}`]),
    `evermart-eventstore --db ${quoted(file)} --port ${port} --host ${quoted(host)} --tls`,
  ];
  throw new CannotListen(
    [
      `On ${host} others can reach the event store: it listens there with TLS and at least one user only. Run`,
      ...commands.map((command) => `  ${command}`),
      '(or, with a certificate of yours, --tls-certificate <pem> --tls-key <pem> in place of --tls)',
    ].join('\n'),
  );
};

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

/** As a shell takes it. */
export const quoted = (text: string) => (/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
