import { spawnSync } from 'node:child_process';

/** Whether a commit that led here had the file, given by its path from `root`; not where there is no git. */
export const isInHistory = (root: string, path: string): boolean => {
  const { status, stdout } = spawnSync('git', ['rev-list', '-1', 'HEAD', '--', path], { cwd: root, encoding: 'utf8' });
  return status === 0 && stdout !== '';
};
