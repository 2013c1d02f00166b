import { pino, type DestinationStream } from 'pino';
import type { Log } from '../../../infra/logging/log.js';

export type LogLine = Readonly<Record<string, unknown>>;

const plainLog = (to: DestinationStream) =>
  pino({ level: 'info', base: null, serializers: { err: () => 'an error' } }, to);

/** A log whose lines can be awaited by their number. */
export const keptLog = (made: (to: DestinationStream) => Log = plainLog) => {
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const write = (line: string) => {
    lines.push(JSON.parse(line) as LogLine);
    waiting.forEach((look) => look());
  };
  const logged = (count: number) =>
    new Promise<readonly LogLine[]>((resolve) => {
      const look = () => {
        if (lines.length < count) return;
        waiting.delete(look);
        resolve(lines);
      };
      waiting.add(look);
      look();
    });
  return { log: made({ write }), logged };
};
