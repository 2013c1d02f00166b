import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/**
 * Bundles the workflow of a folder of `workflows/` into a file in `target`, and gives its path. It is made from the
 * sources, so that what is tested is what is written.
 */
export const bundleSources = async (folder: string, target: string): Promise<string> => {
  const root = join(import.meta.dirname, '../../..');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'workflows', folder, 'workflow.ts'),
    workflowInterceptorModules: [join(root, 'infra/temporal/workflow-tracing.ts')],
    logger: new DefaultLogger('WARN'),
  });
  const path = join(target, 'workflow-bundle.js');
  await writeFile(path, code);
  return path;
};
