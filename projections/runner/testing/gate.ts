/** Tests only. What can be waited for, and what lets whoever waits go on. */
export const gate = (): readonly [opened: Promise<void>, open: () => void] => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return [opened, open];
};
