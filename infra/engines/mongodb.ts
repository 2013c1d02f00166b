import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinary, type Binary, type Program } from './binary.js';
import { download, isReachable, type Release } from './download.js';
import { firstThatWorks, logOf, runElsewhere, type Engine, type EngineContext, type FoundService } from './engine.js';
import { ferretdbPostgresUrl, prepareFerretdbDatabase } from './ferretdb-database.js';
import { buildWithGo, goModuleFolder } from './go-build.js';
import { answersOnPort } from './probe.js';

const mongod: Program = { name: 'mongod', version: '8.0.11', onPath: 'mongod', versionArgs: ['--version'] };

/** SHA-256 of the release archives, as nixpkgs records them. */
const releases: Readonly<Record<string, Readonly<{ path: string; sha256: string }>>> = {
  'linux-x64': {
    path: 'linux/mongodb-linux-x86_64-ubuntu2204',
    sha256: '5c4af1b28bd9c8c475526c029719f9066d3c86860702b0ad9fc4d2bfff1e0d8a',
  },
  'linux-arm64': {
    path: 'linux/mongodb-linux-aarch64-ubuntu2204',
    sha256: 'a75781a1b76727fb8f64749c585b3700e07bfc1267fcc650f3e569387a276360',
  },
  'darwin-x64': {
    path: 'osx/mongodb-macos-x86_64',
    sha256: '44babe685262c52b771208a7a602075a7478086934297e5c982dd0adb5b78c9f',
  },
  'darwin-arm64': {
    path: 'osx/mongodb-macos-arm64',
    sha256: '90dcc1c8f1178b94f7fafafab7f109b8a20311f1b26ebb1b06a27cbda115e6d6',
  },
};

/**
 * MongoDB: a real `mongod` where one is to be had, else FerretDB over PostgreSQL. Roles are told of the one that is
 * likely; where it turns out otherwise, the found service's `roleEnv` says what is true.
 */
export const mongodb = async (context: EngineContext, postgres: Engine): Promise<Engine> => {
  const { dataDir, env, holdPort, inTurn, signal } = context;
  if (env.MONGODB_URL !== undefined) return runElsewhere('mongodb', 'MONGODB_URL', env.MONGODB_URL);
  const ferretdb = ferretdbProgram();
  const port = await holdPort(27017);
  const address = `mongodb://127.0.0.1:${port.number}/evermart`;
  const postgresUrl = postgres.roleEnv.POSTGRES_URL ?? '';
  const log = logOf(dataDir, 'mongodb');
  const isReady = () => answersOnPort(port.number);

  const asMongod = ({ path, version }: Binary): FoundService => {
    const folder = join(dataDir, 'mongodb');
    const args = [
      '--dbpath',
      folder,
      '--bind_ip',
      '127.0.0.1',
      '--port',
      String(port.number),
      '--nounixsocket',
      '--quiet',
    ];
    return {
      version: `mongod ${version}`,
      roleEnv: { MONGODB_URL: address },
      log,
      isReady,
      launch: () => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        return { command: path, args: [...args, '--wiredTigerCacheSizeGB', '0.25'], env };
      },
    };
  };

  const asFerretdb = ({ path }: Binary): FoundService => ({
    version: 'FerretDB 1.24.2',
    roleEnv: { MONGODB_URL: ferretdbUrl(address, postgresUrl) },
    log,
    isReady,
    launch: async () => {
      while (!(await prepareFerretdbDatabase(postgresUrl))) await sleep(250, undefined, { signal });
      const FERRETDB_POSTGRESQL_URL = ferretdbPostgresUrl(postgresUrl);
      const args = ['-listen', `127.0.0.1:${port.number}`];
      return { command: path, args, env: { ...env, FERRETDB_POSTGRESQL_URL, GOMEMLIMIT: '192MiB', GOGC: '50' } };
    },
  });

  const found = () => {
    const real = findBinary(mongod, env);
    if (real !== null) return asMongod(real);
    const substitute = findBinary(ferretdb, env);
    return substitute === null ? null : asFerretdb(substitute);
  };
  const likely = found()?.roleEnv ?? {
    MONGODB_URL: (await isReachable(release())) ? address : ferretdbUrl(address, postgresUrl),
  };

  return {
    name: 'mongodb',
    variable: 'MONGODB_URL',
    url: address,
    roleEnv: likely,
    ports: [port],
    obtain: async (progress) => {
      const how = { env, progress, signal };
      const attempts = {
        'download of mongod': async () => asMongod(await download(mongod, release(), how)),
        'build of FerretDB': async () =>
          asFerretdb(await buildWithGo(ferretdb, { module: 'ferretdb', package: '.' }, how)),
      };
      return found() ?? (await inTurn(() => firstThatWorks(attempts, signal)));
    },
  };
};

/** The version names the module's content as well: what a change of it makes is another program. */
const ferretdbProgram = (): Program => {
  const folder = goModuleFolder('ferretdb');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)));
  return { name: 'ferretdb', version: `1.24.2-${hash.digest('hex').slice(0, 12)}`, versionArgs: ['-help'] };
};

/** FerretDB takes PostgreSQL's users and wants their passwords in the clear, over loopback. */
export const ferretdbUrl = (address: string, postgresUrl: string): string => {
  const { username, password } = new URL(postgresUrl);
  if (username === '' || password === '') return address;
  return `${address.replace('://', `://${username}:${password}@`)}?authMechanism=PLAIN`;
};

const release = (): Release | undefined => {
  const known = releases[`${process.platform}-${process.arch}`];
  if (known === undefined) return undefined;
  const archive = `https://fastdl.mongodb.org/${known.path}-${mongod.version}.tgz`;
  return { archive, binary: 'bin/mongod', checksum: { sha256: known.sha256 } };
};
