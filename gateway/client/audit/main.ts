import { once } from 'node:events';
import { ConfigError } from '../../../infra/config.js';
import { onStopSignals } from '../../../infra/engines/stop-signals.js';
import { openProgress } from '../../../infra/process/progress.js';
import { ApiProblem } from '../problem.js';
import { findRecord } from '../surroundings.js';
import { openAudit } from './audit-api.js';
import type { Desk } from './desk.js';
import { auditProgram } from './program.js';

const leaving = new AbortController();
/** As a shell tells of what SIGINT ended. */
const interrupted = 130;
onStopSignals({ stop: () => leaving.abort(), kill: () => process.exit(interrupted) });
// Whoever reads the output may have had enough, as `head` has.
process.stdout.on('error', () => process.exit(0));

const desk: Desk = {
  open: (url) => {
    const { gatewayUrl, reader } = findRecord(url);
    return openAudit(gatewayUrl, reader, leaving.signal);
  },
  print: async (text) => {
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
  },
  note: (text) => void process.stderr.write(`${text}\n`),
  openProgress: () => openProgress(process.stderr, () => performance.now()),
  signal: leaving.signal,
};

/** Who is refused, or cannot reach the platform, reads a sentence. */
const sentenceOf = (error: Error): string => {
  if (error instanceof ApiProblem) return `${error.message} (${error.code})`;
  if (error.name === 'TypeError') return 'The platform cannot be reached, or the connection broke; try again.';
  return error instanceof ConfigError || error.constructor === Error ? error.message : (error.stack ?? error.message);
};

try {
  await auditProgram(desk, (code) => (process.exitCode = code)).parseAsync();
} catch (error) {
  if (leaving.signal.aborted) process.exitCode = interrupted;
  else {
    process.stderr.write(`${sentenceOf(error as Error)}\n`);
    process.exitCode ||= 1;
  }
}
