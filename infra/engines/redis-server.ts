import { findBinary, type Binary, type Program, type Progress } from './binary.js';
import { download, type Release } from './download.js';

const program: Program = { name: 'redis-server', version: '6.2', onPath: 'redis-server', versionArgs: ['--version'] };

/** What the archive calls the program of each kind of machine. */
const members: Readonly<Record<string, string>> = {
  'linux-x64': 'redis-server-6.2.6-v5-linux-amd64',
  'linux-arm64': 'redis-server-6.2.7-linux-arm64',
  'darwin-x64': 'redis-server-6.2.6-v5-darwin-amd64',
  'darwin-arm64': 'redis-server-6.2.6-v5-darwin-arm64',
};

/**
 * A Redis for tests: the one on PATH, or else one that is published for that purpose. The platform starts none by itself.
 *
 * @throws Error where it is in neither place.
 */
export const obtainRedisServer = async (
  how: Readonly<{ env: NodeJS.ProcessEnv; progress: Progress; signal: AbortSignal }>,
): Promise<Binary> => findBinary(program, how.env) ?? (await download(program, release(), how));

/** The sum is that of the archive in Maven Central, whose SHA-1 was the published one. */
const release = (): Release | undefined => {
  const binary = members[`${process.platform}-${process.arch}`];
  return binary === undefined
    ? undefined
    : {
        archive: 'https://repo1.maven.org/maven2/com/github/codemonstur/embedded-redis/1.4.3/embedded-redis-1.4.3.jar',
        binary,
        checksum: { sha256: 'ffbc63265c60d25dee453d6f656b527d98200d98657c6a0ab4dec4ea2c3a5cd6' },
      };
};
