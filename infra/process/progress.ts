/** Where progress is written; the standard error fits. */
export type Screen = Readonly<{ isTTY?: boolean; columns?: number; write: (text: string) => unknown }>;

/** Says how far something has come: on a terminal in one line that is rewritten, elsewhere in a line now and then. */
export type Progress = Readonly<{ say: (text: string) => void; end: () => void }>;

/** @param now gives milliseconds since any moment. */
export const openProgress = (screen: Screen, now: () => number): Progress => {
  let last = '';
  let written = -Infinity;

  const say = (text: string) => {
    last = text;
    if (screen.isTTY === true) screen.write(`\r\x1b[K${text.slice(0, (screen.columns ?? 80) - 1)}`);
    else if (now() - written >= rarely) write();
  };
  const write = () => {
    screen.write(`${last}\n`);
    written = now();
    last = '';
  };
  const end = () => {
    if (screen.isTTY === true) screen.write('\n');
    else if (last !== '') write();
  };
  return { say, end };
};

/** Often enough to see that it goes on. */
const rarely = 10_000;
