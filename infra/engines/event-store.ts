import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { logOf, runElsewhere, type Engine, type EngineContext } from './engine.js';
import { builtEntry, packageVersion } from './installation.js';
import { answersOnPort } from './probe.js';

/** The embedded event store: the project's own server, for which EventStoreDB stands in by `EVENTSTORE_URL`. */
export const eventStore = async ({ dataDir, env, holdPort }: EngineContext): Promise<Engine> => {
  if (env.EVENTSTORE_URL !== undefined) return runElsewhere('event-store', 'EVENTSTORE_URL', env.EVENTSTORE_URL);
  const port = await holdPort(2113);
  const url = `esdb://127.0.0.1:${port.number}?tls=false`;
  const folder = join(dataDir, 'event-store');
  const args = ['--db', join(folder, 'events.db'), '--port', String(port.number)];
  return {
    name: 'event-store',
    variable: 'EVENTSTORE_URL',
    url,
    roleEnv: { EVENTSTORE_URL: url },
    ports: [port],
    obtain: () =>
      Promise.resolve({
        version: packageVersion,
        log: logOf(dataDir, 'event-store'),
        isReady: () => answersOnPort(port.number),
        launch: () => {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          return {
            command: process.execPath,
            args: [
              '--enable-source-maps',
              '--max-old-space-size=512',
              builtEntry('infra/event-store-server/main.js'),
              ...args,
            ],
            env: { ...env, EVERMART_LAUNCHER: '1' },
            ipc: true,
          };
        },
      }),
  };
};
