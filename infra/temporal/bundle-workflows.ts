import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const built = join(import.meta.dirname, '../..');

/** The folders of `workflows/` that have a worker. */
const folders = ['order-fulfilment', 'notification'] as const;
export type WorkflowFolder = (typeof folders)[number];

/** What a worker loads: the workflow of its folder and the interceptors as one script. */
export const workflowBundlePathOf = (folder: WorkflowFolder): string =>
  join(built, 'workflows', folder, 'workflow-bundle.js');

/**
 * Bundles the built workflows, each where `workflowBundlePathOf` says: a build step, since it takes seconds.
 *
 * @throws Error where they are not built, or import what workflow code may not, such as a Node built-in.
 */
export const bundleWorkflows = async (): Promise<void> => {
  for (const folder of folders) await bundle(folder);
};

const bundle = async (folder: WorkflowFolder): Promise<void> => {
  const workflowsPath = join(built, 'workflows', folder, 'workflow.js');
  await access(workflowsPath).catch((cause: unknown) => {
    throw new Error(`There are no workflows to bundle: ${workflowsPath} has not been built`, { cause });
  });
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [join(import.meta.dirname, 'workflow-tracing.js')],
    logger: new DefaultLogger('WARN'),
  });
  await writeFile(workflowBundlePathOf(folder), code);
};
