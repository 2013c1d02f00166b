import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * The memory of a process at a time, in MiB and in seconds since it was first looked at: what its heap holds, and what is
 * resident outside of the heap. How much room the heap has goes by how much garbage there was lately.
 */
export type Sample = Readonly<{ seconds: number; heap: number; outside: number }>;

type Health = Readonly<{ memory: Readonly<{ rss: number; heapTotal: number; heapUsed: number }> }>;

/** Looks at a gateway's memory every second until it is told to stop. */
export const watchMemory = async (url: string, until: AbortSignal): Promise<readonly Sample[]> => {
  const samples: Sample[] = [];
  const began = performance.now();
  while (!until.aborted) {
    const { memory } = (await (await fetch(`${url}/health`)).json()) as Health;
    const seconds = (performance.now() - began) / 1_000;
    const { rss, heapTotal, heapUsed } = memory;
    samples.push({ seconds, heap: heapUsed / 2 ** 20, outside: (rss - heapTotal) / 2 ** 20 });
    await pause(1_000);
  }
  return samples;
};

/**
 * How much more memory stays in the last quarter of the samples than in the one before: the least of each, since what is
 * above it is garbage that nobody had to collect yet.
 */
export const growthOf = (values: readonly number[]): number => {
  const [half, threeQuarters] = [0.5, 0.75].map((share) => Math.floor(share * values.length));
  const [before, after] = [values.slice(half, threeQuarters), values.slice(threeQuarters)];
  return before.length === 0 ? 0 : Math.min(...after) - Math.min(...before);
};

/** How many files, sockets and pipes a process holds open. */
export const openFilesOf = async (pid: number): Promise<number> => (await readdir(`/proc/${pid}/fd`)).length;

/** How many connections to a port are established, as Linux lists them. */
export const connectionsTo = async (port: number): Promise<number> => {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((row) => row.trim().split(/\s+/));
  return rows.filter(([, address = '', , state]) => address.endsWith(local) && state === established).length;
};
const established = '01';
