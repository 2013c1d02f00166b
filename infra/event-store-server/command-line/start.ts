import { Command, InvalidArgumentError } from 'commander';
import { CannotListen } from '../cannot-listen.js';
import { quoted } from '../security/exposure.js';
import type { RunningServer, ServerOptions } from '../server.js';
import { orRefuse } from './refusal.js';

type StartOptions = Readonly<{
  db: string;
  port: number;
  host: string;
  tls?: true;
  tlsCertificate?: string;
  tlsKey?: string;
}>;

/** `start`: runs the server until SIGTERM or SIGINT. */
export const startCommand = (): Command =>
  new Command('start')
    .description('start the server (what happens without a command)')
    .requiredOption('--db <file>', 'database file; it is made when it is not there')
    .option('--port <n>', 'port to listen on; 0 takes a free one', portOf, 2113)
    .option('--host <address>', 'address to listen on; any but loopback needs TLS and a user', '127.0.0.1')
    .option('--tls', 'encrypt, with a self-signed certificate that is made and kept beside the database')
    .option('--tls-certificate <pem>', 'encrypt, with this certificate (and those between it and its root)')
    .option('--tls-key <pem>', 'the private key of the certificate')
    .action(orRefuse(start));

const portOf = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('It must be 0 to 65535.');
  return value;
};

const start = async (options: StartOptions) => {
  const { db: file, host, port } = options;
  const tls = tlsOf(options);
  // The other commands need not wait until all of the server is loaded.
  const { startServer } = await import('../server.js');
  const server = await startServer({ file, host, port, tls });
  const stop = orRefuse(async () => {
    await server.stop();
    process.exit(0);
  });
  process.once('SIGTERM', () => void stop()).once('SIGINT', () => void stop());
  // Last: whoever reads it may send a signal at once.
  process.stdout.write(linesOf(server, file).join('\n') + '\n');
};

const tlsOf = ({ tls, tlsCertificate, tlsKey }: StartOptions): ServerOptions['tls'] => {
  if (tlsCertificate !== undefined && tlsKey !== undefined) return { certificate: tlsCertificate, key: tlsKey };
  if (tlsCertificate !== undefined || tlsKey !== undefined)
    throw new CannotListen('--tls-certificate and --tls-key belong together: give both');
  return tls && 'made';
};

const linesOf = ({ url, secure }: RunningServer, file: string): string[] => {
  const ready = `event store ready on ${url}`;
  if (!secure) return [ready];
  const { caFile, hasUsers } = secure;
  return [
    ready,
    ...(caFile === undefined ? [] : [`  clients trust it by ${caFile}`]),
    `  connect with ${url.replace('esdb://', 'esdb://<name>:<password>@')}`,
    ...(hasUsers()
      ? []
      : [`  nobody can before there is a user: evermart-eventstore users set <name> --db ${quoted(file)}`]),
  ];
};
