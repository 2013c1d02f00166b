import { CommanderError } from 'commander';
import { outcomes } from '../../../infra/audit-log/offline/conclusion.js';
import { OutputFailed, printTo } from '../../../infra/audit-log/offline/output.js';
import { ConfigError } from '../../../infra/config.js';
import { onStopSignals } from '../../../infra/engines/stop-signals.js';
import { openProgress } from '../../../infra/process/progress.js';
import { ApiProblem } from '../problem.js';
import { findRecord } from '../surroundings.js';
import { openAudit } from './audit-api.js';
import type { Desk } from './desk.js';
import { auditProgram } from './program.js';
import { UsageError } from './usage-error.js';

const leaving = new AbortController();
/** As a shell tells of what SIGINT ended. */
const interrupted = 130;
onStopSignals({ stop: () => leaving.abort(), kill: () => process.exit(interrupted) });

const desk: Desk = {
  open: (url) => {
    const { gatewayUrl, reader } = findRecord(url);
    return openAudit(gatewayUrl, reader, leaving.signal);
  },
  print: printTo(process.stdout),
  leave: (code) => {
    process.exitCode = code;
  },
  note: (text) => void process.stderr.write(`${text}\n`),
  openProgress: () => openProgress(process.stderr, () => performance.now()),
  signal: leaving.signal,
};

/** Who is refused, or cannot reach the platform, reads a sentence. */
const sentenceOf = (error: Error): string => {
  if (error instanceof ApiProblem) return `${error.message} (${error.code})`;
  if (error.name === 'TypeError') return 'The platform cannot be reached, or the connection broke; try again.';
  return hasSentence(error) ? error.message : (error.stack ?? error.message);
};

const hasSentence = (error: Error): boolean =>
  error.constructor === Error || [ConfigError, OutputFailed, UsageError].some((kind) => error instanceof kind);

/** Says why it failed. @returns the exit code, where the command has not left with one that says more. */
const failed = (error: Error): number => {
  if (leaving.signal.aborted) return interrupted;
  const left = Number(process.exitCode ?? 0);
  if (error instanceof CommanderError || (error instanceof OutputFailed && error.isUnread)) return left;
  process.stderr.write(`${sentenceOf(error)}\n`);
  return error instanceof UsageError ? outcomes.notKnown : left || 1;
};

try {
  await auditProgram(desk).parseAsync();
} catch (error) {
  process.exitCode = failed(error as Error);
}
