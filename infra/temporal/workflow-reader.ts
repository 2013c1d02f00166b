import type { Temporal } from './connection.js';
import type { readHistory, WorkflowHistory } from './read-history.js';
import type { readWorkflow, WorkflowRead } from './read-workflow.js';

/** Reads workflows for a process that does nothing else with Temporal. */
export type WorkflowReader = Readonly<{
  /** As `readWorkflow` does. */
  read: (workflowId: string, query: string) => Promise<WorkflowRead | null>;
  /** As `readHistory` does. */
  history: (workflowId: string) => Promise<WorkflowHistory | null>;
  close: () => Promise<void>;
}>;

/** A reader of the namespace `default` at `host:port`. */
export const createWorkflowReader = (address: string): WorkflowReader => {
  let loaded: Promise<Loaded> | undefined;
  return {
    read: async (workflowId, query) => {
      const { temporal, read } = await (loaded ??= load(address));
      return read(temporal, workflowId, query);
    },
    history: async (workflowId) => {
      const { temporal, history } = await (loaded ??= load(address));
      return history(temporal, workflowId);
    },
    close: async () => {
      await (await loaded)?.temporal.close();
    },
  };
};

type Loaded = Readonly<{ temporal: Temporal; read: typeof readWorkflow; history: typeof readHistory }>;

/** Only when a workflow is first read: Temporal's client takes 24 MiB and a fifth of a second. */
const load = async (address: string): Promise<Loaded> => {
  const [{ connectTemporal }, { readWorkflow: read }, { readHistory: history }] = await Promise.all([
    import('./connection.js'),
    import('./read-workflow.js'),
    import('./read-history.js'),
  ]);
  return { temporal: connectTemporal(address), read, history };
};
