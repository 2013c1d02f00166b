import { pino } from 'pino';
import type { Log } from '../../../infra/logging/log.js';

type Line = Readonly<{ view?: string; msg: string; stream?: string; revision?: number }>;

/** Tests only. A log whose lines can be awaited. */
export const listeningLog = (): Readonly<{
  log: Log;
  lines: readonly Line[];
  /** Resolves once a view has said something, at once where it has said it already. */
  told: (view: string, msg: string) => Promise<void>;
}> => {
  const lines: Line[] = [];
  let waiting: (() => void)[] = [];
  const write = (line: string) => {
    lines.push(JSON.parse(line) as Line);
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const told = async (view: string, msg: string) => {
    while (!lines.some((line) => line.view === view && line.msg === msg))
      await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { log: pino({}, { write }), lines, told };
};
