import { checkFile } from '../../../infra/audit-log/offline/check-file.js';
import type { Finding } from '../../../infra/audit-log/offline/report.js';
import { asJson, type Desk } from './desk.js';
import { tableOfFindings } from './tables.js';

export type CheckOptions = Readonly<{ key: string; checkpoint: readonly string[]; json?: boolean }>;

/** `check`: checks a bundle or a proof by itself. Says whether all is as it was signed. */
export const check =
  ({ print }: Pick<Desk, 'print'>) =>
  async (file: string, { key, checkpoint, json }: CheckOptions): Promise<boolean> => {
    const findings: Finding[] = [];
    const isGood = await checkFile({ file, keyFile: key, checkpoints: checkpoint }, (finding) => {
      findings.push(finding);
    });
    await print(json ? asJson({ isGood, findings }) : tableOfFindings(findings));
    if (!json) await print(isGood ? 'All is as it was signed.' : 'It is NOT as it was signed.');
    return isGood;
  };
