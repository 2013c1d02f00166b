import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Tests only: bundles a workflow of this folder into a file in `target`, and gives its path. */
export const bundleSample = async (name: string, target: string): Promise<string> => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, `${name}.ts`),
    workflowInterceptorModules: [join(import.meta.dirname, '../workflow-tracing.ts')],
    logger: new DefaultLogger('WARN'),
  });
  const path = join(target, `${name}.js`);
  await writeFile(path, code);
  return path;
};
