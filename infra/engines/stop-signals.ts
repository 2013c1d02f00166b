/** On Ctrl-C npm hands the signal on that the terminal has sent to everybody: two that come at once are one. */
const oneSignalLasts = 500;

/**
 * Calls `stop` on the first SIGINT or SIGTERM and `kill` on the next. Run by npm, it also stops when the shell between
 * them ends: npm hands SIGTERM to that shell, which does not hand it on.
 */
export const onStopSignals = ({ stop, kill }: { stop: () => void; kill: () => void }): void => {
  let stoppingSince: number | undefined;
  const onSignal = () => {
    if (stoppingSince === undefined) {
      stoppingSince = performance.now();
      stop();
    } else if (performance.now() - stoppingSince > oneSignalLasts) kill();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    if (stoppingSince === undefined) onSignal();
  }, 500).unref();
};
