import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '../../domains/shared/errors.js';
import type { ProjectionStatus } from '../shared/projection-status.js';
import { progressLine } from './progress-line.js';

const lookEveryMs = 500;

/**
 * Looks at a view again and again until a build of it serves, or `isDone`. Gives the view as it is then.
 *
 * @throws DomainError `projection.not_ready` where the build is dropped meanwhile; what `look` throws.
 */
export const followBuild = async (
  build: number,
  parts: Readonly<{
    look: () => Promise<ProjectionStatus>;
    isDone?: (status: ProjectionStatus) => boolean;
    say: (line: string) => void;
  }>,
): Promise<ProjectionStatus> => {
  const { look, isDone = () => false, say } = parts;
  for (;;) {
    const status = await look();
    const { builds, name } = status;
    if (builds?.live === build || isDone(status)) return status;
    if (builds && builds.aside !== build)
      throw new DomainError('projection.not_ready', `Build ${build} of ${name} was dropped meanwhile`);
    say(progressLine(status));
    await delay(lookEveryMs);
  }
};

/** Whether the build aside can serve, and was compared with the one that does, where it can be. */
export const isReadyToSwitch = ({ progress, version }: ProjectionStatus): boolean =>
  progress?.isReady === true && (progress.comparison !== null || progress.version !== version);
