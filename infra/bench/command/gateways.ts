import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../engines/ports.js';

/** A gateway of its own process. */
export type GatewayProcess = Readonly<{ port: number; pid: number; stop: () => Promise<void> }>;

/** The platform's gateway, with the domains inside it; it is ready when it answers. */
export const startGateway = (env: Readonly<Record<string, string>>): Promise<GatewayProcess> =>
  start('../../../gateway/main.js', env, '/health/live');

/** The one made of stock parts. */
export const startNaiveGateway = (env: Readonly<Record<string, string>>): Promise<GatewayProcess> =>
  start('./naive-gateway.js', env, '/');

/** One caller stands for thousands: limits are counted, and never reached. */
const unlimited = { RATE_LIMIT_PER_SECOND: '1000000', RATE_LIMIT_BURST: '1000000' };

const start = async (module: string, env: Readonly<Record<string, string>>, path: string): Promise<GatewayProcess> => {
  const [port, domainsPort] = [await freePort(), await freePort()];
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), [], {
    env: {
      ...env,
      PORT: String(port),
      DOMAINS_PORT: String(domainsPort),
      LOG_LEVEL: 'info',
      NODE_ENV: 'production',
      ...unlimited,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  while (!(await answers(`http://127.0.0.1:${port}${path}`))) {
    if (child.exitCode !== null) throw new Error('The gateway ended');
    await pause(50);
  }
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
};

/** Something that takes traces and keeps none: what exporting them costs the gateway is measured, Jaeger is not. */
export const startTraceSink = async (): Promise<Readonly<{ url: string; stop: () => void }>> => {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close().closeAllConnections() };
};

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );
