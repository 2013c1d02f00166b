import { ConfigError, readConfig, type Config } from '../config.js';
import { createLog, type Log } from '../logging/log.js';
import { startTelemetry } from '../telemetry/telemetry.js';
import { endWithParent } from './end-with-parent.js';

/** What a role starts; `stop` lets what is under way finish. */
export type RunningRole = Readonly<{ stop: () => Promise<void> }>;

export type RoleSettings = Readonly<{
  environment: NodeJS.ProcessEnv;
  /** After so long a role that does not come to its end is left. */
  leaveWithinMs: number;
}>;

/** Less than the ten seconds after which the launcher, as a container's runtime would, ends a process by force. */
const leaveWithinMs = 9_000;

/**
 * Runs one role of the platform as this process: reads its settings, starts it, and stops it on SIGTERM or SIGINT, or
 * when the launcher that started it dies. Exits with 1 where a setting is wrong, the role cannot start, or it could not
 * stop in time.
 */
export const runRole = async (
  name: string,
  start: (config: Config, log: Log) => Promise<RunningRole>,
  settings: Partial<RoleSettings> = {},
): Promise<void> => {
  try {
    const config = readConfig(settings.environment);
    const log = createLog(name, config);
    const telemetry = startTelemetry(`evermart-${name}`, config, (line) => log.warn(line));
    await telemetry.ready;
    endWithParent();
    const role = await start(config, log);
    let isStopping = false;
    const stop = async (signal: string) => {
      if (isStopping) return;
      isStopping = true;
      log.info({ signal }, 'stopping');
      setTimeout(() => {
        log.error('left before everything that was begun had finished');
        process.exit(1);
      }, settings.leaveWithinMs ?? leaveWithinMs);
      await role.stop();
      await telemetry.shutdown();
      process.exit(0);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        stop(signal).catch((error: unknown) => {
          log.error({ err: error }, 'could not stop cleanly');
          process.exit(1);
        });
      });
    }
    log.info('started');
  } catch (error) {
    process.stderr.write(`${name}: ${sentenceOf(error)}\n`);
    process.exit(1);
  }
};

const sentenceOf = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return `${error.message}; choose another`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};
