import { Argument, Command } from 'commander';
import { measureAudit } from './audit.js';
import { measureCommand } from './command.js';
import { measureEventStore } from './event-store.js';
import { measureGateway } from './gateway.js';
import { measureProjectionMillion } from './projection-million.js';
import { measureProjection } from './projection.js';
import type { Measurement } from './rounds.js';
import { measureSaga } from './saga.js';
import { measureStartup } from './startup.js';

const benchmarks: Readonly<Record<string, (report: (line: string) => void) => Promise<Measurement>>> = {
  startup: measureStartup,
  'event-store': measureEventStore,
  command: measureCommand,
  gateway: measureGateway,
  projection: measureProjection,
  'projection-million': measureProjectionMillion,
  saga: measureSaga,
  audit: measureAudit,
};

await new Command('bench')
  .description('Measures the platform beside its ceilings. Exits with 1 when a figure is beyond one.')
  .addArgument(new Argument('<name>', 'what to measure').choices(Object.keys(benchmarks)))
  .action(async (name: string) => {
    const measure = benchmarks[name] as (typeof benchmarks)[string];
    const { lines, withinCeilings } = await measure((line) => process.stderr.write(`${line}\n`));
    process.stdout.write(`${lines.join('\n')}\n`);
    process.exitCode = withinCeilings ? 0 : 1;
  })
  .parseAsync();
