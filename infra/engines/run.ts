import { ConfigError } from '../config.js';
import { startPlatform, type Platform, type PlatformOptions } from './platform.js';
import { StartRefused } from './refusal.js';
import { onStopSignals } from './stop-signals.js';
import { createTerminal, type Terminal } from './terminal.js';

/**
 * Runs the platform in this process until SIGINT or SIGTERM, which stop it in order; a second signal ends everything at
 * once. Progress goes to the standard output. Sets the exit code: 1 where the start was refused.
 */
export const runPlatform = async (options: PlatformOptions): Promise<void> => {
  // Nobody may be reading any more (`| head`): no reason to stop.
  process.stdout.on('error', () => undefined);
  const terminal = createTerminal(process.stdout, () => performance.now());
  const starting = startPlatform({ ...options, onChange: terminal.show });
  const stopped = stopOnSignals(starting, terminal);
  try {
    const platform = await starting;
    showAccount(platform, terminal);
    await Promise.race([stopped, settled(platform).then(() => showAddresses(platform, terminal))]);
    await stopped;
  } catch (error) {
    if (!(error instanceof StartRefused || error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
};

const stopOnSignals = (starting: Promise<Platform>, terminal: Terminal): Promise<void> =>
  new Promise((_resolve, reject) => {
    const stop = async () => {
      const platform = await starting;
      terminal.say('Stopping; once more to end everything at once');
      await platform.stop();
      process.exit(0);
    };
    const kill = async () => {
      (await starting).kill();
      process.exit(1);
    };
    onStopSignals({ stop: () => void stop().catch(reject), kill: () => void kill().catch(reject) });
  });

/** Waits until every process is ready or can be had in no way. */
const settled = async (platform: Platform): Promise<void> => {
  await Promise.allSettled(platform.processes().map(({ name }) => platform.whenReady([name])));
};

const showAccount = ({ firstAccount, dataDir }: Platform, terminal: Terminal) => {
  if (!firstAccount.isNew) return;
  terminal.say(
    `First account: ${firstAccount.email}, password ${firstAccount.password ?? ''} (kept in ${dataDir}/admin.json)`,
  );
};

const showAddresses = (platform: Platform, terminal: Terminal) => {
  const processes = platform.processes();
  const missing = processes.filter(({ state }) => state === 'unavailable').map(({ name }) => name);
  const urlOf = (wanted: string) => processes.find(({ name }) => name === wanted)?.url;
  const gateway = urlOf('gateway');
  const addresses = {
    Gateway: gateway,
    Health: gateway === undefined ? undefined : `${gateway}/health`,
    'Temporal UI': platform.engineEnv().TEMPORAL_UI_URL,
    'Jaeger queries': platform.engineEnv().JAEGER_QUERY_URL,
    'All processes': `${platform.dataDir}/processes.json`,
  };
  const after = `after ${(performance.now() / 1000).toFixed(1)} s`;
  terminal.say(missing.length === 0 ? `Everything is ready ${after}` : `Ready ${after}, without ${missing.join(', ')}`);
  for (const [name, address] of Object.entries(addresses))
    if (address !== undefined) terminal.say(`  ${name.padEnd(18)} ${address}`);
};
