import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../engines/ports.js';

/** A gateway as it runs in the platform, and the token of its first account. */
export type GatewayProcess = Readonly<{ url: string; accessToken: string; stop: () => Promise<void> }>;

/** Starts it beside engines; what is not among them is away. */
export const startGateway = async (env: Readonly<Record<string, string>>): Promise<GatewayProcess> => {
  const [port, domainsPort] = [await freePort(), await freePort()];
  const password = randomBytes(12).toString('hex');
  const email = 'bench@evermart.localhost';
  const child = fork(fileURLToPath(new URL('../../../gateway/main.js', import.meta.url)), [], {
    env: {
      ...env,
      ...{ PORT: String(port), DOMAINS_PORT: String(domainsPort), MASTER_KEY: randomBytes(32).toString('hex') },
      ...{ ADMIN_EMAIL: email, ADMIN_PASSWORD: password, LOG_LEVEL: 'fatal', NODE_ENV: 'production' },
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  };
  try {
    while (!(await isReady(url))) {
      if (child.exitCode !== null) throw new Error('The gateway does not start');
      await pause(100);
    }
    return { url, accessToken: await tokenOf(url, { email, password }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const isReady = async (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

const tokenOf = async (url: string, who: Readonly<{ email: string; password: string }>): Promise<string> => {
  const response = await fetch(`${url}/api/v1/auth/token`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(who) },
  });
  return ((await response.json()) as Readonly<{ accessToken: string }>).accessToken;
};
