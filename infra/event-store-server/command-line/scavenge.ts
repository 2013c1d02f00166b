import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import type { ScavengeState } from '../http/scavenges.js';
import type { ScavengeProgress } from '../log/scavenge.js';
import { isLocked } from '../log/lock.js';
import { UnusableDatabase } from '../log/unusable-database.js';
import { readPassword } from './password-input.js';
import { createProgress, endProgress } from './progress.js';
import { orRefuse } from './refusal.js';
import { requestJson, RequestFailed, type Server } from './server-request.js';

type Options = Readonly<{ db?: string; url?: string; user?: string; tlsCa?: string; json?: true }>;

/** `scavenge`: of a file, or by a server that has it open. */
export const scavengeCommand = (): Command =>
  new Command('scavenge')
    .description('remove the events that deletion and truncation have hidden')
    .option('--db <file>', 'database file that no server has open')
    .option('--url <url>', 'http:// or https:// address of the server that has it open')
    .option(
      '--user <name>',
      'with --url: user of a server with TLS; the password is read from standard input or asked for',
    )
    .option('--tls-ca <pem>', 'with --url: certificate to trust')
    .option('--json', 'print the outcome as JSON')
    .action(orRefuse(scavenge));

const scavenge = async (options: Options) => {
  const { db, url, json } = options;
  if ((db === undefined) === (url === undefined))
    throw new RequestFailed('Name either a file with --db or a running server with --url');
  const progress = createProgress();
  const show = ({ streams, of, removed }: ScavengeProgress) =>
    progress(`stream ${streams} of ${of}, ${removed} events removed`);
  const outcome = db === undefined ? scavengeServer(await serverOf(url, options), show) : scavengeFile(db, show);
  const { removed } = await outcome.finally(() => endProgress());
  process.stdout.write(json === true ? `${JSON.stringify({ removed })}\n` : `${removed} events were removed\n`);
};

const scavengeFile = async (file: string, show: (progress: ScavengeProgress) => void) => {
  if (!existsSync(file)) throw new UnusableDatabase(`There is no database ${file}`);
  if (isLocked(file)) throw new UnusableDatabase(`${file} is open in a server: ask the server with --url`);
  const { openLog } = await import('../log/event-log.js');
  const log = openLog(file);
  try {
    return await log.scavenge(Date.now(), show);
  } finally {
    log.close();
  }
};

const serverOf = async (url = '', { user, tlsCa }: Options): Promise<Server> => ({
  url,
  ca: tlsCa === undefined ? undefined : readFileSync(tlsCa),
  authorization:
    user === undefined ? undefined : `Basic ${Buffer.from(`${user}:${await readPassword(user)}`).toString('base64')}`,
});

const scavengeServer = async (server: Server, show: (progress: ScavengeProgress) => void) => {
  await requestJson(server, 'POST', '/admin/scavenge');
  for (;;) {
    const progress = (await requestJson(server, 'GET', '/admin/scavenge')) as
      ScavengeState | Readonly<{ state: 'none' }>;
    if (progress.state === 'failed') throw new RequestFailed(`The scavenge failed: ${progress.reason}`);
    if (progress.state === 'done') return progress;
    if (progress.state !== 'running') throw new RequestFailed(notRunning);
    show(progress);
    await pause(interval);
  }
};

const notRunning = 'The server was started anew, or is no event store: begin the scavenge again';

/** In milliseconds. */
const interval = 250;
