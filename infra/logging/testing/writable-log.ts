import { createLog, type Log } from '../log.js';

/** Tests only: a role's log whose lines are kept; `line` resolves with the first that fits. */
export const createWritableLog = () => {
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const write = (line: string) => {
    lines.push(JSON.parse(line) as LogLine);
    waiting.forEach((look) => look());
  };
  const log: Log = createLog('tests', { LOG_LEVEL: 'info' }, { write });
  const line = (fits: (line: LogLine) => boolean) =>
    new Promise<LogLine>((resolve) => {
      const look = () => {
        const found = lines.find(fits);
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { log, line, lines: (): readonly LogLine[] => lines };
};

type LogLine = Readonly<Record<string, unknown>>;
