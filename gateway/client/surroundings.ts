import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../infra/config.js';
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
  const processes = readJson(config.DATA_DIR, 'processes.json') as Listed | null;
  const gatewayUrl = url ?? processes?.processes.find(({ name }) => name === 'gateway')?.url;
  if (gatewayUrl === undefined)
    throw new Error(`No platform was started in ${config.DATA_DIR}. Run npm start first, or give --url.`);

  const kept = readJson(config.DATA_DIR, 'admin.json') as SignIn | null;
  const admin =
    config.ADMIN_PASSWORD === undefined ? kept : { email: config.ADMIN_EMAIL, password: config.ADMIN_PASSWORD };
  if (!admin) throw new Error('Set ADMIN_EMAIL and ADMIN_PASSWORD: the first account is not kept in DATA_DIR.');
  return { gatewayUrl, temporalUiUrl: temporalUiOf(processes) ?? config.TEMPORAL_UI_URL, admin };
};

type Listed = Readonly<{ processes: readonly Readonly<{ name: string; url: string; webUrl?: string }>[] }>;

const temporalUiOf = (listed: Listed | null) => listed?.processes.find(({ name }) => name === 'temporal')?.webUrl;

const readJson = (folder: string, name: string): unknown => {
  const path = join(folder, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
};
