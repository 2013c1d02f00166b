import type { ReadinessChecks } from '../../infra/process/health.js';
import { keptFor } from '../../infra/process/kept-for.js';
import { within } from '../../infra/process/within.js';

/** So long, in milliseconds, an answer is given again, and is waited for. */
const [keptMs, waitMs] = [500, 2_000];

/** The same checks, each made once for all who ask at about the same time: asking loads no engine. */
export const sharedChecks = (checks: ReadinessChecks, now: () => number = Date.now): ReadinessChecks =>
  Object.fromEntries(
    Object.entries(checks).map(([name, check]) => [
      name,
      keptFor(keptMs, async () => within(waitMs, check(), false), now),
    ]),
  );
