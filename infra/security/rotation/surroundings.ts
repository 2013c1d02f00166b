import { readConfig } from '../../config.js';
import { findPostgresUrl } from '../../engines/postgres-url.js';
import { masterKeyFiles, type MasterKeyFiles } from './master-key-files.js';
import { RotationRefused } from './refusal.js';

/** Where the keys are and what opens them. `isKept`: the master key comes from the data folder. */
export type Surroundings = Readonly<{
  postgresUrl: string;
  masterKey: string;
  isKept: boolean;
  newMasterKey: string | undefined;
  files: MasterKeyFiles;
}>;

/**
 * Finds them by the environment, else by the data folder of a platform that runs. Master keys are never arguments,
 * which every user of the machine can see.
 *
 * @throws RotationRefused, ConfigError or DomainError with a sentence for a person.
 */
export const findKeys = (env: NodeJS.ProcessEnv): Surroundings => {
  const config = readConfig(env);
  const files = masterKeyFiles(config.DATA_DIR);
  const kept = files.present();
  const masterKey = config.MASTER_KEY ?? kept;
  if (masterKey === null)
    throw new RotationRefused(`Set MASTER_KEY to the present master key: there is none in ${files.paths.present}`);
  const newMasterKey = env.NEW_MASTER_KEY === undefined ? undefined : newKeyOf(env.NEW_MASTER_KEY);
  const postgresUrl = findPostgresUrl(env, config.DATA_DIR);
  return { postgresUrl, masterKey, isKept: config.MASTER_KEY === undefined, newMasterKey, files };
};

const newKeyOf = (text: string): string => {
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new RotationRefused('NEW_MASTER_KEY must be 64 hexadecimal digits (32 bytes)');
  return text.toLowerCase();
};
