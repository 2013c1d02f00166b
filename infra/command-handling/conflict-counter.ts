import { Counter } from 'prom-client';

/** Counts commands that were decided anew since somebody else was faster. It is in no registry yet. */
export const createConflictCounter = (): Counter<'type'> =>
  new Counter({
    name: 'evermart_command_conflicts_total',
    help: 'Times that a command was decided anew since somebody else was faster',
    labelNames: ['type'],
    registers: [],
  });
