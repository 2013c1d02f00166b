import { setMaxListeners } from 'node:events';
import { resolve as absolute } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ServerCredentials } from '@grpc/grpc-js';
import { createActivity, type Activity } from './activity.js';
import { connectionString } from './connection-string.js';
import { createGrpcServer } from './protocol/grpc-server.js';
import { watchEventLoop } from './http/event-loop-delay.js';
import { createRequestServer } from './http/requests.js';
import { openScavenges } from './http/scavenges.js';
import { listen } from './listener.js';
import { openLog, type EventLog } from './log/event-log.js';
import { authenticateCalls } from './security/authenticated-calls.js';
import { createAuthenticator } from './security/authentication.js';
import { madeFilesOf, madeKeyPair, readKeyPair, type KeyPairFiles } from './security/certificates.js';
import { refuseExposure } from './security/exposure.js';
import { createPasswordCheck } from './security/passwords.js';

/** `port` 0 takes a free one. `tls` is `made` for a self-signed certificate, or where the files of another lie. */
export type ServerOptions = Readonly<{
  file: string;
  host: string;
  port: number;
  tls?: 'made' | KeyPairFiles | undefined;
}>;

/**
 * `url` is the connection string, without a user. `secure` is there with TLS: what clients trust when the certificate
 * was made here, and whether anybody can connect. `stop` commits what is pending, ends every stream with UNAVAILABLE,
 * and closes the file.
 */
export type RunningServer = Readonly<{
  url: string;
  port: number;
  secure: Readonly<{ caFile: string | undefined; hasUsers: () => boolean }> | undefined;
  stop: () => Promise<void>;
}>;

/** How long a client that does not read may hold up the end. */
const patience = 3_000;

/**
 * Starts the embedded event store on a database file.
 *
 * @throws UnusableDatabase when the file is foreign, torn or in use.
 * @throws CannotListen when the port is taken, the certificate cannot be used, or the host is not loopback and TLS or
 * a user is missing.
 */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const activity = createActivity();
  const log = openLog(options.file, { activity });
  try {
    return await serve(log, activity, options);
  } catch (error) {
    log.close();
    throw error;
  }
};

const serve = async (
  log: EventLog,
  activity: Activity,
  { file, host, port, tls }: ServerOptions,
): Promise<RunningServer> => {
  const hasTls = tls !== undefined;
  const { users } = log;
  const hasUsers = () => users.names().length > 0;
  refuseExposure({ file, host, port, hasTls, hasUsers });
  const keyPair = tls === 'made' ? await madeKeyPair(file, host) : tls && (await readKeyPair(tls));

  const authenticator = keyPair && createAuthenticator(users, createPasswordCheck());
  const calls = authenticator && authenticateCalls(authenticator, activity);
  const eventLoop = watchEventLoop();
  const requests = createRequestServer({
    sources: { file, head: log.head, activity, eventLoopDelay: eventLoop.read },
    activity,
    authenticator,
    scavenges: openScavenges(log),
  });
  const stopping = new AbortController();
  // Every open call listens to it.
  setMaxListeners(0, stopping.signal);
  const grpc = createGrpcServer({
    log,
    activity,
    stopping: stopping.signal,
    defaultPort: hasTls ? 443 : 80,
    interceptors: calls ? [calls.interceptor] : [],
  });
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const release = () => {
    grpc.forceShutdown();
    calls?.stop();
    eventLoop.stop();
  };

  const listener = await listen(
    { host, port, tls: keyPair, activity },
    {
      grpc: (socket) => injector.injectConnection(socket),
      http: (socket) => requests.emit('connection', socket),
    },
  ).catch((error: unknown) => {
    release();
    throw error;
  });

  const stop = async () => {
    listener.close();
    stopping.abort();
    const ended = new Promise<void>((resolve) => {
      grpc.tryShutdown(() => resolve());
    });
    await Promise.race([ended, wait(patience, undefined, { ref: false })]);
    release();
    listener.destroy();
    log.close();
  };
  let stopped: Promise<void> | undefined;

  const caFile = tls === 'made' ? absolute(madeFilesOf(file).certificate) : undefined;
  return {
    url: connectionString({ host, port: listener.port, hasTls, caFile }),
    port: listener.port,
    secure: hasTls ? { caFile, hasUsers } : undefined,
    stop: () => (stopped ??= stop()),
  };
};
