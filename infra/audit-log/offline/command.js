#!/usr/bin/env node
/** What `npx evermart-audit-check` runs: builds what is not built, as `npm start` does, and starts the check. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../../..');
const { status } = spawnSync(process.execPath, [join(root, 'infra/build/build.js')], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (status !== 0) process.exit(2);
await import(pathToFileURL(join(root, 'dist/infra/audit-log/offline/main.js')).href);
