import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Waits until the disk has all that was written to the file (or, of a folder, its names). */
export const syncFile = (path: string): void => {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
};
