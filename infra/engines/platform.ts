import { chmodSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readConfig, type Config } from '../config.js';
import { createBoard, type Board, type OnChange } from './board.js';
import { keepRunning, type Child, type ChildChange, type Service } from './child.js';
import { logOf, type Engine, type EngineName } from './engine.js';
import { enginesOf } from './engines.js';
import { packageVersion } from './installation.js';
import { endLeftovers } from './leftovers.js';
import { lockDataDir } from './lock.js';
import { holdPort, isFree, type HoldPort } from './ports.js';
import { answersHttp, answersSoon } from './probe.js';
import { identify } from './process-identity.js';
import { readProcesses, writeProcesses, type ProcessEntry } from './processes-file.js';
import { StartRefused } from './refusal.js';
import { builtRoles, launchRole, rolesOf, type Role, type RoleName } from './roles.js';
import { firstAccountOf, secretsOf, type FirstAccount } from './secrets.js';

/** What to start and where; by default everything, on the usual ports. */
export type PlatformOptions = Readonly<{
  env: NodeJS.ProcessEnv;
  engines?: readonly EngineName[];
  /** Roles to start, with their built entry files. */
  roles?: Readonly<Partial<Record<RoleName, string>>>;
  holdPort?: HoldPort;
  onChange?: OnChange;
}>;

/** A started platform; its parts may still be on their way. */
export type Platform = Readonly<{
  dataDir: string;
  firstAccount: FirstAccount;
  processes: () => readonly ProcessEntry[];
  /** Variables that tell a process where the engines are. */
  engineEnv: () => Readonly<Record<string, string>>;
  whenReady: Board['whenReady'];
  /** Stops roles, then engines, in order, and lets go of the data folder. */
  stop: () => Promise<void>;
  /** Ends everything at once. */
  kill: () => void;
}>;

const stopOrder = [
  ...['gateway', 'workflows', 'projections', 'auditor', 'payment-provider'],
  ...['mongodb', 'temporal', 'jaeger', 'event-store', 'postgres'],
];
const largestLog = 10 * 1024 * 1024;

/**
 * Starts engines and roles as child processes and keeps them running. Comes back as soon as all ports are decided and
 * the first processes started, whatever is still to be downloaded or built.
 *
 * @throws ConfigError when a setting is wrong.
 * @throws StartRefused when the data folder is in use or the gateway's port is busy.
 */
export const startPlatform = async (options: PlatformOptions): Promise<Platform> => {
  const env = withoutEmpty(options.env);
  const config = readConfig(env);
  const dataDir = resolve(config.DATA_DIR);
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  // PostgreSQL, under an account of its own, has to pass through; what is secret has a narrower mode itself.
  chmodSync(dataDir, 0o711);
  const unlock = lockDataDir(dataDir);
  try {
    return await startLocked({ ...options, env }, config, { dataDir, unlock });
  } catch (error) {
    unlock();
    throw error;
  }
};

const startLocked = async (
  options: PlatformOptions,
  config: Config,
  { dataDir, unlock }: { dataDir: string; unlock: () => void },
): Promise<Platform> => {
  const { env, onChange = () => undefined } = options;
  const { board, isFresh } = await takeOver(dataDir, onChange);
  const entries = options.roles ?? builtRoles;
  if ('gateway' in entries) await refuseBusyPort(config);
  const firstAccount = firstAccountOf(dataDir, env, { email: config.ADMIN_EMAIL, isFresh });
  const secrets = secretsOf(dataDir, env, firstAccount);
  const ownEnv = Object.fromEntries(Object.entries(env).filter(([name]) => !Object.hasOwn(secrets, name)));
  const hold = options.holdPort ?? holdPort;
  const stopping = new AbortController();
  const context = { dataDir, env: ownEnv, holdPort: hold, signal: stopping.signal };
  const engines = await enginesOf(context, options.engines);
  const roles = await rolesOf(config, { entries, holdPort: hold });
  let engineEnv = Object.assign({}, ...engines.map(({ roleEnv }) => roleEnv)) as Record<string, string>;
  const children = new Map<string, Child>();

  const run = (name: string, service: Service) => {
    rotate(service.log);
    const tell = ({ state, pid, note }: ChildChange) =>
      board.change(name, { state, pid }, note === undefined ? undefined : `${note} (${service.log})`);
    children.set(name, keepRunning(service, tell));
  };

  const runEngine = async ({ name, variable, obtain, ports }: Engine) => {
    if (obtain === undefined) return;
    try {
      const found = await obtain((state, detail) => board.change(name, { state }, detail));
      await Promise.all(ports.map((port) => port.release()));
      if (stopping.signal.aborted) return;
      board.change(name, { state: 'waiting', version: found.version });
      run(name, found);
      tellRoles(found.roleEnv ?? {});
    } catch (error) {
      if (stopping.signal.aborted) return;
      const remedy = `Set ${variable} to use a running one; all that does not need it works.`;
      board.change(name, { state: 'unavailable' }, `${(error as Error).message}. ${remedy}`);
    }
  };

  /** Roles that were told of another engine than the one that was had in the end start anew with the right one. */
  const tellRoles = (found: Readonly<Record<string, string>>) => {
    if (Object.entries(found).every(([variable, value]) => engineEnv[variable] === value)) return;
    engineEnv = { ...engineEnv, ...found };
    roles.filter(({ name }) => name !== 'payment-provider').forEach(({ name }) => children.get(name)?.restart());
  };

  const runRole = async (role: Role) => {
    await role.port.release();
    const shared = () => ({ ...ownEnv, ...engineEnv, ADMIN_EMAIL: firstAccount.email, DATA_DIR: dataDir });
    run(role.name, {
      log: logOf(dataDir, role.name),
      isReady: () => answersHttp(`${role.url}/health/ready`),
      launch: () => launchRole(role, shared(), secrets),
    });
  };

  engines.forEach((engine) => board.add(engineEntry(engine, dataDir)));
  roles.forEach((role) => board.add(roleEntry(role, dataDir)));
  const start = async () => {
    const isFirst = ({ name }: Role) => name === 'gateway';
    await Promise.all(roles.filter(isFirst).map(runRole));
    // The gateway has the cores to itself until it answers: it is what people wait for.
    await Promise.all(roles.filter(isFirst).map(({ url }) => answersSoon(`${url}/health/live`, stopping.signal)));
    if (stopping.signal.aborted) return;
    await Promise.all([...engines.map(runEngine), ...roles.filter((role) => !isFirst(role)).map(runRole)]);
  };
  const starting = start();

  return {
    dataDir,
    firstAccount,
    processes: board.entries,
    engineEnv: () => engineEnv,
    whenReady: board.whenReady,
    kill: () => {
      stopping.abort();
      children.forEach((child) => child.kill());
    },
    stop: async () => {
      stopping.abort();
      await starting;
      for (const name of stopOrder) await children.get(name)?.stop();
      board.close();
      unlock();
    },
  };
};

const takeOver = async (dataDir: string, onChange: OnChange) => {
  const identity = identify(process.pid) ?? { pid: process.pid, startTime: '' };
  const launcher = { ...identity, startedAt: new Date().toISOString() };
  const previous = readProcesses(dataDir)?.processes ?? [];
  // Kept until they are ended: a launcher that is killed meanwhile leaves them to the next one.
  writeProcesses(dataDir, { launcher, processes: previous });
  const ended = await endLeftovers(previous);
  if (ended.length > 0) process.stdout.write(`Ended what an earlier start had left running: ${ended.join(', ')}\n`);
  return { board: createBoard(dataDir, launcher, onChange), isFresh: previous.length === 0 };
};

const engineEntry = ({ name, url, webUrl, obtain }: Engine, dataDir: string) => {
  const isElsewhere = obtain === undefined;
  const log = isElsewhere ? null : logOf(dataDir, name);
  const page = webUrl === undefined ? {} : { webUrl };
  const state = isElsewhere ? 'external' : 'waiting';
  return { name, kind: 'engine', url, ...page, version: '', log, state } as const;
};

const roleEntry = ({ name, url }: Role, dataDir: string) =>
  ({ name, kind: 'role', url, version: packageVersion, log: logOf(dataDir, name), state: 'waiting' }) as const;

const refuseBusyPort = async ({ PORT, HOST }: Config) => {
  if (await isFree(PORT, HOST)) return;
  throw new StartRefused(`Port ${PORT} on ${HOST} is in use. Stop what uses it or set PORT to another.`);
};

const rotate = (log: string) => {
  if (existsSync(log) && statSync(log).size > largestLog) renameSync(log, `${log}.1`);
};

const withoutEmpty = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
