import { DomainError } from '../../domains/shared/errors.js';
import { ferretdbUrl } from './mongodb.js';
import { findPostgresUrl } from './postgres-url.js';
import { readProcesses, type ProcessEntry } from './processes-file.js';

/** The variables that tell where the engines of the read side are. */
export type ReadSideUrls = Readonly<Record<'EVENTSTORE_URL' | 'POSTGRES_URL' | 'MONGODB_URL', string>>;

/**
 * Where the engines of the read side are for commands that are run beside the platform: as the environment says, or else
 * those that a platform started in the data folder.
 *
 * @throws DomainError `service.unavailable` where one of them is not told and does not run there.
 */
export const findReadSideUrls = (env: NodeJS.ProcessEnv, dataDir: string): ReadSideUrls => {
  const started = (name: string, variable: string): ProcessEntry => {
    const listed = readProcesses(dataDir)?.processes.find((each) => each.name === name);
    if (listed?.state === 'ready') return listed;
    throw new DomainError(
      'service.unavailable',
      `No ${name} runs in ${dataDir}: run npm start first, or set ${variable}`,
    );
  };
  const mongodbUrl = () => {
    const { url, version } = started('mongodb', 'MONGODB_URL');
    return version.startsWith('FerretDB') ? ferretdbUrl(url, findPostgresUrl(env, dataDir)) : url;
  };
  return {
    POSTGRES_URL: findPostgresUrl(env, dataDir),
    EVENTSTORE_URL: env.EVENTSTORE_URL ?? started('event-store', 'EVENTSTORE_URL').url,
    MONGODB_URL: env.MONGODB_URL ?? mongodbUrl(),
  };
};
