import { join } from 'node:path';
import type { Progress } from './binary.js';
import type { Service } from './child.js';
import type { HeldPort, HoldPort } from './ports.js';

export type EngineName = 'event-store' | 'postgres' | 'mongodb' | 'temporal' | 'jaeger';

/** What the launcher lends to every engine. */
export type EngineContext = Readonly<{
  dataDir: string;
  /** The launcher's environment without the platform's secrets. */
  env: NodeJS.ProcessEnv;
  holdPort: HoldPort;
  /** Runs what takes long, one at a time and in the order of asking. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Aborts when the launcher stops. */
  signal: AbortSignal;
}>;

/** A service with the program that was found for it; `roleEnv` where that program changes what roles must be told. */
export type FoundService = Service & Readonly<{ version: string; roleEnv?: Readonly<Record<string, string>> }>;

/** An engine, run here or elsewhere. */
export type Engine = Readonly<{
  name: EngineName;
  /** The variable that points it to a running one. */
  variable: string;
  /** Its address, without a password. */
  url: string;
  /** Its web page, where it has one. */
  webUrl?: string;
  /** How roles are told where it is. */
  roleEnv: Readonly<Record<string, string>>;
  /** Ports that are held for it until it starts. */
  ports: readonly HeldPort[];
  /** Finds, downloads or builds its program; rejects, saying what was tried, where it can be had in no way. Absent: it runs elsewhere. */
  obtain?: (progress: Progress) => Promise<FoundService>;
}>;

/** An engine that the environment points to. */
export const runElsewhere = (name: EngineName, variable: string, url: string): Engine => ({
  name,
  variable,
  url: withoutPassword(url),
  roleEnv: { [variable]: url },
  ports: [],
});

/** The first attempt that succeeds, tried in order. @throws Error with the reason of each when all fail. */
export const firstThatWorks = async <T>(
  attempts: Readonly<Record<string, () => Promise<T>>>,
  signal: AbortSignal,
): Promise<T> => {
  const reasons: string[] = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      reasons.push(`${name}: ${(error as Error).message}`);
    }
  }
  throw new Error(reasons.join('; '));
};

/** Where an engine's or role's output goes. */
export const logOf = (dataDir: string, name: string): string => join(dataDir, 'logs', `${name}.log`);

/** A connection string as it may be shown. */
export const withoutPassword = (url: string): string => url.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
