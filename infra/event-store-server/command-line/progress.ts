/** Shows how far long work has come: one line that is written over on a terminal, now and then a line elsewhere. */
export const createProgress = (output: NodeJS.WriteStream = process.stderr): ((line: string) => void) => {
  let last = -Infinity;
  return (line) => {
    const now = performance.now();
    if (now - last < (output.isTTY ? 100 : 5_000)) return;
    last = now;
    output.write(output.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  };
};

/** Leaves the line that was written over. */
export const endProgress = (output: NodeJS.WriteStream = process.stderr): void => {
  if (output.isTTY) output.write('\r\x1b[K');
};
