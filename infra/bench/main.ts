import { Argument, Command } from 'commander';
import { measureStartup } from './startup.js';

const benchmarks = { startup: measureStartup };

await new Command('bench')
  .description('Measures the platform beside its ceilings. Exits with 1 when a figure is beyond one.')
  .addArgument(new Argument('<name>', 'what to measure').choices(Object.keys(benchmarks)))
  .action(async (name: keyof typeof benchmarks) => {
    const { lines, withinCeilings } = await benchmarks[name]();
    process.stdout.write(`${lines.join('\n')}\n`);
    process.exitCode = withinCeilings ? 0 : 1;
  })
  .parseAsync();
