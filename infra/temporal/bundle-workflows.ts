import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const built = join(import.meta.dirname, '../..');
const workflowsPath = join(built, 'workflows/order-fulfilment/workflow.js');

/** What a worker loads: the workflows and their interceptors as one script. */
export const workflowBundlePath = join(built, 'workflows/order-fulfilment/workflow-bundle.js');

/**
 * Bundles the built workflows at `workflowBundlePath`: a build step, since it takes seconds.
 *
 * @throws Error where they are not built, or import what workflow code may not, such as a Node built-in.
 */
export const bundleWorkflows = async (): Promise<void> => {
  await access(workflowsPath).catch((cause: unknown) => {
    throw new Error(`There are no workflows to bundle: ${workflowsPath} has not been built`, { cause });
  });
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [join(import.meta.dirname, 'workflow-tracing.js')],
    logger: new DefaultLogger('WARN'),
  });
  await writeFile(workflowBundlePath, code);
};
