import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findBinary, type Binary, type Program, type Progress } from './binary.js';
import { download, type Release } from './download.js';
import { firstThatWorks, logOf, runElsewhere, type Engine, type EngineContext } from './engine.js';
import { buildWithGo } from './go-build.js';
import { answersOnPort } from './probe.js';

const program: Program = { name: 'temporal', version: '1.5.1', onPath: 'temporal', versionArgs: ['--version'] };

/** SHA-256 of the release archives, as the Hermit package lists record them. */
const sums: Readonly<Record<string, string>> = {
  linux_amd64: 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
  linux_arm64: 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
  darwin_amd64: 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
  darwin_arm64: 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
};

/** Temporal's development server with its web UI; its state lies in SQLite. */
export const temporal = async (context: EngineContext): Promise<Engine> => {
  const { dataDir, env, holdPort, inTurn, signal } = context;
  if (env.TEMPORAL_ADDRESS !== undefined) return runElsewhere('temporal', 'TEMPORAL_ADDRESS', env.TEMPORAL_ADDRESS);
  const port = await holdPort(7233);
  const uiPort = await holdPort(8233);
  const httpPort = await holdPort(7243);
  const metricsPort = await holdPort(7253);
  const address = `127.0.0.1:${port.number}`;
  const webUrl = `http://127.0.0.1:${uiPort.number}`;

  const launchOf = (path: string) => () => {
    const folder = join(dataDir, 'temporal');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const ports = ['--port', port.number, '--ui-port', uiPort.number, '--http-port', httpPort.number];
    return {
      command: path,
      args: [
        ...[
          'server',
          'start-dev',
          '--ip',
          '127.0.0.1',
          ...ports.map(String),
          '--metrics-port',
          String(metricsPort.number),
        ],
        ...['--db-filename', join(folder, 'temporal.db'), '--log-level', 'warn', '--color', 'never'],
        // Measured: an order's activities take half the time.
        ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
      ],
      env: { ...env, GOMEMLIMIT: '384MiB', GOGC: '50' },
    };
  };

  return {
    name: 'temporal',
    variable: 'TEMPORAL_ADDRESS',
    url: address,
    webUrl,
    roleEnv: { TEMPORAL_ADDRESS: address, TEMPORAL_UI_URL: webUrl },
    ports: [port, uiPort, httpPort, metricsPort],
    obtain: async (progress) => {
      const { path, version } =
        findBinary(program, env) ?? (await inTurn(() => fetchBinary({ env, progress, signal })));
      return {
        version,
        log: logOf(dataDir, 'temporal'),
        isReady: () => answersOnPort(port.number),
        launch: launchOf(path),
      };
    },
  };
};

const fetchBinary = (how: { env: NodeJS.ProcessEnv; progress: Progress; signal: AbortSignal }): Promise<Binary> =>
  firstThatWorks(
    {
      download: () => download(program, release(), how),
      build: () => buildWithGo(program, { module: 'temporal', package: 'github.com/temporalio/cli/cmd/temporal' }, how),
    },
    how.signal,
  );

const release = (): Release | undefined => {
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const sha256 = sums[platform];
  if (sha256 === undefined) return undefined;
  const file = `temporal_cli_${program.version}_${platform}.tar.gz`;
  const archive = `https://github.com/temporalio/cli/releases/download/v${program.version}/${file}`;
  return { archive, binary: 'temporal', checksum: { sha256 } };
};
