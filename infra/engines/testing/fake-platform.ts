import type { EngineName } from '../engine.js';
import { holdRandomPort } from '../ports.js';
import { runPlatform } from '../run.js';

/** The launcher as a process, with the engines named in ENGINES and two roles that cost little. */
await runPlatform({
  env: process.env,
  engines: (process.env.ENGINES ?? '').split(',').filter((name) => name !== '') as EngineName[],
  roles: { gateway: 'infra/engines/testing/fake-gateway.js', workflows: 'infra/engines/testing/fake-workflows.js' },
  holdPort: holdRandomPort,
});
