import type { ProcessEntry } from './processes-file.js';

/** Where progress is written; the standard output fits. */
export type Screen = Readonly<{ isTTY?: boolean; columns?: number; write: (text: string) => unknown }>;

/** Shows what the processes are doing: a line each, kept up to date, on a terminal; a line per change elsewhere. */
export type Terminal = Readonly<{
  show: (entry: ProcessEntry, note?: string) => void;
  say: (text: string) => void;
}>;

type Row = Readonly<{ entry: ProcessEntry; since: number; note: string }>;

/** @param now gives milliseconds since the start. */
export const createTerminal = (screen: Screen, now: () => number): Terminal =>
  screen.isTTY === true ? liveTerminal(screen, now) : plainTerminal(screen, now);

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

const plainTerminal = (screen: Screen, now: () => number): Terminal => {
  const shown = new Map<string, string>();
  return {
    show: ({ name, state, url }, note) => {
      const text = `${state}${state === 'ready' || state === 'external' ? ` at ${url}` : ''}${note === undefined ? '' : `: ${note}`}`;
      if (shown.get(name) === text || (state === 'waiting' && note === undefined)) return;
      shown.set(name, text);
      screen.write(`[${seconds(now()).padStart(7)}] ${name} ${text}\n`);
    },
    say: (text) => void screen.write(`${text}\n`),
  };
};

const liveTerminal = (screen: Screen, now: () => number): Terminal => {
  const rows = new Map<string, Row>();
  let drawn = 0;

  const draw = (above = '') => {
    const width = (screen.columns ?? 80) - 1;
    const lines = [...rows.values()].map((row) => lineOf(row, now()).slice(0, width));
    const up = drawn === 0 ? '' : `\x1b[${drawn}A\r`;
    screen.write(`${up}\x1b[J${above}${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines.length;
  };
  // Not what keeps the launcher alive: the elapsed times of those that are on their way.
  setInterval(() => [...rows.values()].some(({ entry }) => isUnderWay(entry)) && draw(), 500).unref();

  return {
    show: (entry, note = '') => {
      const before = rows.get(entry.name);
      const since = before?.entry.state === entry.state ? before.since : now();
      rows.set(entry.name, { entry, since, note });
      const lasting = note !== '' && ['restarting', 'unavailable'].includes(entry.state);
      draw(lasting ? `${entry.name}: ${note}\n` : '');
    },
    say: (text) => draw(`${text}\n`),
  };
};

const isUnderWay = ({ state }: ProcessEntry) =>
  ['waiting', 'downloading', 'building', 'starting', 'restarting'].includes(state);

const lineOf = ({ entry, since, note }: Row, now: number) => {
  const elapsed = isUnderWay(entry) ? seconds(now - since) : `after ${seconds(since)}`;
  const detail = note === '' ? entry.url : note;
  return `  ${entry.name.padEnd(17)} ${entry.state.padEnd(12)} ${elapsed.padEnd(14)} ${detail}`;
};
