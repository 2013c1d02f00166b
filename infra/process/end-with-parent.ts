/**
 * Ends this process, as SIGTERM would, when the launcher that started it dies: the IPC channel between them closes
 * then. Does nothing in a process that was started in another way.
 */
export const endWithParent = (): void => {
  if (process.env.EVERMART_LAUNCHER !== '1' || process.send === undefined) return;
  const end = () => process.kill(process.pid, 'SIGTERM');
  if (!process.connected) {
    end();
    return;
  }
  process.once('disconnect', end);
  // Listening holds the channel, which would keep a process alive that has stopped everything else.
  process.channel?.unref();
};
