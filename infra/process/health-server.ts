import { createServer, type Server } from 'node:http';

/** A named part that a role needs; `false`, or a throw, says that it is missing. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<boolean>>>;

export type Readiness = Readonly<{ ready: boolean; dependencies: Readonly<Record<string, 'up' | 'down'>> }>;

/** Asks every part at once whether it is there; one that has not said within `waitMs` counts as missing. */
export const checkReadiness = async (checks: ReadinessChecks, waitMs = 2_000): Promise<Readiness> => {
  const found = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, (await isUp(check, waitMs)) ? 'up' : 'down'] as const),
  );
  return { ready: found.every(([, state]) => state === 'up'), dependencies: Object.fromEntries(found) };
};

const isUp = async (check: () => Promise<boolean>, waitMs: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, waitMs, false);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    // Whatever it threw, the part is not usable now: that is the answer.
    return false;
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Serves `/health/live` (204) and `/health/ready` (200 or 503, with what is missing) for a role without a public API.
 *
 * @throws the listening error, such as EADDRINUSE.
 */
export const serveHealth = async (
  { host, port }: Readonly<{ host: string; port: number }>,
  checks: ReadinessChecks,
): Promise<Server> => {
  const server = createServer((request, response) => {
    if (request.url === '/health/live') {
      response.writeHead(204).end();
      return;
    }
    if (request.url !== '/health/ready') {
      response.writeHead(404).end();
      return;
    }
    void checkReadiness(checks).then((readiness) => {
      response.writeHead(readiness.ready ? 200 : 503, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ status: readiness.ready ? 'ready' : 'waiting', dependencies: readiness.dependencies }),
      );
    });
  });
  await listen(server, { host, port });
  return server;
};

/** Resolves once the server listens. @throws the listening error, such as EADDRINUSE. */
export const listen = (server: Server, { host, port }: Readonly<{ host: string; port: number }>): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

/** Stops listening and ends the connections that are idle; resolves when the last one has closed. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
  });
