import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readProcesses } from '../engines/processes-file.js';

/** What the platform may take, from the requirements of its first users. */
const ceilings = { gatewaySeconds: 10, readySeconds: 20, residentMiB: 1024 };

/**
 * Starts the platform in an empty folder, as `npm start` does once it is built, and measures how long the gateway takes
 * to answer, how long everything takes to be ready, and how much memory all processes hold when nothing happens.
 *
 * @returns the figures beside their ceilings, as lines; and whether each is below.
 */
export const measureStartup = async (): Promise<Readonly<{ lines: readonly string[]; withinCeilings: boolean }>> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'evermart-bench-'));
  chmodSync(dataDir, 0o711);
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const launcher = spawn('npm', ['start', '--silent'], { env: { ...process.env, DATA_DIR: dataDir }, stdio: 'ignore' });
  const exited = once(launcher, 'exit');
  try {
    await until(() => answers('http://127.0.0.1:8080/health/live'));
    const gatewaySeconds = seconds();
    await until(() => Promise.resolve(isReady(dataDir)));
    const readySeconds = seconds();
    await pause(15_000);
    const resident = residentMiB(launcher.pid ?? 0);
    const sum = resident.reduce((total, { mebibytes }) => total + mebibytes, 0);
    const shares = resident.reduce((total, { share }) => total + share, 0);
    return {
      lines: [
        `gateway answers after    ${gatewaySeconds.toFixed(1)} s of at most ${ceilings.gatewaySeconds}`,
        `everything is ready after ${readySeconds.toFixed(1)} s of at most ${ceilings.readySeconds}`,
        `resident when idle       ${sum.toFixed(0)} MiB of at most ${ceilings.residentMiB}`,
        `  ${shares.toFixed(0)} MiB where pages that several share count once`,
        ...resident.map(({ name, mebibytes }) => `  ${mebibytes.toFixed(0).padStart(4)} MiB  ${name}`),
      ],
      withinCeilings:
        gatewaySeconds <= ceilings.gatewaySeconds &&
        readySeconds <= ceilings.readySeconds &&
        sum <= ceilings.residentMiB,
    };
  } finally {
    launcher.kill('SIGTERM');
    await exited;
    rmSync(dataDir, { recursive: true, force: true });
  }
};

const until = async (check: () => Promise<boolean>) => {
  while (!(await check())) await pause(100);
};

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

const isReady = (dataDir: string) => {
  const processes = readProcesses(dataDir)?.processes ?? [];
  return processes.length > 0 && processes.every(({ state }) => state === 'ready' || state === 'external');
};

/**
 * A process and all that came of it, with the memory they hold: `mebibytes` by VmRSS, where pages that are shared count
 * for each, and `share` by Pss, where each has its part of them.
 */
const residentMiB = (root: number) => {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statusOf);
  const family = new Set([root]);
  for (let before = 0; before !== family.size;) {
    before = family.size;
    all.filter(({ parent }) => family.has(parent)).forEach(({ pid }) => family.add(pid));
  }
  return all.filter(({ pid }) => family.has(pid)).sort((a, b) => b.mebibytes - a.mebibytes);
};

const statusOf = (pid: string) => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    const name = /dist\/\S+/.exec(command)?.[0] ?? command.trim().slice(0, 60);
    const share = shareOf(pid);
    return [{ pid: Number(pid), parent: field('PPid'), mebibytes: field('VmRSS') / 1024, share, name }];
  } catch {
    // The process ended between the listing and the look: it holds nothing.
    return [];
  }
};

/** Not of processes of other users, unless by root. */
const shareOf = (pid: string): number => {
  try {
    const shared = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(shared)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
};
