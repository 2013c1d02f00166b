const width = 30;

/** A bar and the share that is done, from 0 to 1; `null` where nobody knows it. */
export const progressBar = (fraction: number | null): string => {
  const done = Math.floor((fraction ?? 0) * width);
  const share = fraction === null ? '  ? %' : `${String(Math.floor(fraction * 100)).padStart(3)} %`;
  return `[${'#'.repeat(done)}${'-'.repeat(width - done)}] ${share}`;
};
