import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig, type Config } from '../../infra/config.js';
import type { SignIn } from './api-client.js';

/** Where a running platform is, and who may run it. */
export type Surroundings = Readonly<{ gatewayUrl: string; temporalUiUrl: string; admin: SignIn }>;

/**
 * Finds the platform by its data folder.
 *
 * @throws Error with a sentence for a person where nothing tells where it is, or who its first account is.
 */
export const findPlatform = (url?: string): Surroundings => {
  const config = readConfig();
  const processes = processesOf(config);
  const gatewayUrl = gatewayUrlOf(config, processes, url);
  return {
    gatewayUrl,
    temporalUiUrl: temporalUiOf(processes) ?? config.TEMPORAL_UI_URL,
    admin: firstAccountOf(config),
  };
};

/**
 * Finds the gateway, and in whose name to read the record: as EVERMART_EMAIL and EVERMART_PASSWORD say, or the first
 * account.
 *
 * @throws Error as `findPlatform` does.
 */
export const findRecord = (url?: string): Readonly<{ gatewayUrl: string; reader: SignIn }> => {
  const config = readConfig();
  const gatewayUrl = gatewayUrlOf(config, processesOf(config), url);
  const { EVERMART_EMAIL: email, EVERMART_PASSWORD: password } = config;
  if (email === undefined && password === undefined) return { gatewayUrl, reader: firstAccountOf(config) };
  if (email === undefined || password === undefined)
    throw new Error('Set both EVERMART_EMAIL and EVERMART_PASSWORD, or neither.');
  return { gatewayUrl, reader: { email, password } };
};

const gatewayUrlOf = ({ DATA_DIR }: Config, processes: Listed | null, url: string | undefined): string => {
  const gatewayUrl = url ?? processes?.processes.find(({ name }) => name === 'gateway')?.url;
  if (gatewayUrl === undefined)
    throw new Error(`No platform was started in ${DATA_DIR}. Run npm start first, or give --url.`);
  return gatewayUrl;
};

const firstAccountOf = ({ DATA_DIR, ADMIN_EMAIL, ADMIN_PASSWORD }: Config): SignIn => {
  const kept = readJson(DATA_DIR, 'admin.json') as SignIn | null;
  const admin = ADMIN_PASSWORD === undefined ? kept : { email: ADMIN_EMAIL, password: ADMIN_PASSWORD };
  if (!admin) throw new Error('Set ADMIN_EMAIL and ADMIN_PASSWORD: the first account is not kept in DATA_DIR.');
  return admin;
};

const processesOf = ({ DATA_DIR }: Config) => readJson(DATA_DIR, 'processes.json') as Listed | null;

type Listed = Readonly<{ processes: readonly Readonly<{ name: string; url: string; webUrl?: string }>[] }>;

const temporalUiOf = (listed: Listed | null) => listed?.processes.find(({ name }) => name === 'temporal')?.webUrl;

const readJson = (folder: string, name: string): unknown => {
  const path = join(folder, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
};
