import { ConfigError, readConfig, type Config } from '../config.js';
import { createLog, type Log } from '../logging/log.js';
import { startTelemetry } from '../telemetry/telemetry.js';
import { endWithParent } from './end-with-parent.js';

/** What a role starts; `stop` lets what is under way finish. */
export type RunningRole = Readonly<{ stop: () => Promise<void> }>;

/**
 * Runs one role of the platform as this process: reads its settings, starts it, and stops it on SIGTERM or SIGINT, or
 * when the launcher that started it dies. Exits with 1 where a setting is wrong or the role cannot start.
 */
export const runRole = async (
  name: string,
  start: (config: Config, log: Log) => Promise<RunningRole>,
): Promise<void> => {
  try {
    const config = readConfig();
    const log = createLog(name, config);
    const telemetry = startTelemetry(`evermart-${name}`, config, (line) => log.warn(line));
    await telemetry.ready;
    endWithParent();
    const role = await start(config, log);
    const stop = async (signal: string) => {
      log.info({ signal }, 'stopping');
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
