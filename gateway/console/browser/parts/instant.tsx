import { shownInstant } from '../format.js';

/** An instant in UTC. */
export const Instant = ({ at, isExact = false }: Readonly<{ at: string; isExact?: boolean }>) => (
  <time dateTime={at}>{shownInstant(at, isExact)}</time>
);
