#!/usr/bin/env node
/** What `npx evermart-eventstore` runs: builds what is not built, as `npm start` does, and starts the command line. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const build = join(import.meta.dirname, '../build/build.js');
const { status } = spawnSync(process.execPath, [build], { stdio: ['ignore', 'ignore', 'inherit'] });
if (status !== 0) process.exit(1);
await import('../../dist/infra/event-store-server/main.js');
