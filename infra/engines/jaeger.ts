import { findBinary, type Binary, type Program, type Progress } from './binary.js';
import { download, type Release } from './download.js';
import { firstThatWorks, logOf, runElsewhere, type Engine, type EngineContext } from './engine.js';
import { buildWithGo } from './go-build.js';
import { answersHttp } from './probe.js';

const program: Program = { name: 'jaeger', version: '1.76.0', onPath: 'jaeger-all-in-one', versionArgs: ['version'] };

/** Jaeger in one process; it keeps the latest traces in memory. */
export const jaeger = async (context: EngineContext): Promise<Engine> => {
  const { dataDir, env, holdPort, inTurn, signal } = context;
  const elsewhere = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (elsewhere !== undefined) return runElsewhere('jaeger', 'OTEL_EXPORTER_OTLP_ENDPOINT', elsewhere);
  const ports = {
    'collector.otlp.grpc': await holdPort(4317),
    'collector.otlp.http': await holdPort(4318),
    'query.http-server': await holdPort(16686),
    'query.grpc-server': await holdPort(16685),
    'collector.grpc-server': await holdPort(14250),
    'collector.http-server': await holdPort(14268),
    'admin.http': await holdPort(14269),
  };
  const query = `http://127.0.0.1:${ports['query.http-server'].number}`;
  const addresses = Object.entries(ports).map(([server, port]) => `--${server}.host-port=127.0.0.1:${port.number}`);
  return {
    name: 'jaeger',
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    url: query,
    webUrl: query,
    roleEnv: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${ports['collector.otlp.http'].number}`,
      JAEGER_QUERY_URL: query,
    },
    ports: Object.values(ports),
    obtain: async (progress) => {
      const { path, version } =
        findBinary(program, env) ?? (await inTurn(() => fetchBinary({ env, progress, signal })));
      return {
        version,
        log: logOf(dataDir, 'jaeger'),
        // It keeps nothing beyond its end, and a clean one may take it many seconds.
        stopSignal: 'SIGKILL',
        isReady: () => answersHttp(`http://127.0.0.1:${ports['admin.http'].number}/`),
        launch: () => ({
          command: path,
          args: [...addresses, '--memory.max-traces=2000', '--log-level=warn'],
          env: { ...env, SPAN_STORAGE_TYPE: 'memory', GOMEMLIMIT: '192MiB', GOGC: '50' },
        }),
      };
    },
  };
};

const fetchBinary = (how: { env: NodeJS.ProcessEnv; progress: Progress; signal: AbortSignal }): Promise<Binary> =>
  firstThatWorks(
    {
      download: () => download(program, release(), how),
      build: () =>
        buildWithGo(program, { module: 'jaeger', package: 'github.com/jaegertracing/jaeger/cmd/all-in-one' }, how),
    },
    how.signal,
  );

/** No independent record of the archive's sum was to be had: the release's own list of sums is taken, over HTTPS. */
const release = (): Release | undefined => {
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  if (!['linux-amd64', 'linux-arm64', 'darwin-amd64', 'darwin-arm64'].includes(platform)) return undefined;
  const folder = `jaeger-${program.version}-${platform}`;
  const base = `https://github.com/jaegertracing/jaeger/releases/download/v${program.version}/${folder}`;
  return {
    archive: `${base}.tar.gz`,
    binary: 'jaeger-all-in-one',
    checksum: { listedAt: `${base}.sha256sum.txt` },
  };
};
