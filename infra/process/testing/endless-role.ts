import { runRole } from '../role.js';

/** Tests only: a role that never comes to its end. */
await runRole(
  'endless',
  () => {
    const timer = setInterval(() => undefined, 1_000);
    return Promise.resolve({ stop: () => new Promise<void>(() => timer.ref()) });
  },
  { leaveWithinMs: 50 },
);
