import { checkFile, type CheckRequest } from './check-file.js';
import { conclude, outcomes, type Telling } from './conclusion.js';
import type { Finding } from './report.js';

/**
 * Checks a file by itself, and leaves with one of `outcomes`: what every command line for this does.
 *
 * @throws Error with a sentence where it cannot be checked, and OutputFailed.
 */
export const check = async (
  telling: Telling,
  { json = false, ...request }: CheckRequest & Readonly<{ json?: boolean | undefined }>,
): Promise<void> => {
  telling.leave(outcomes.notKnown);
  const findings: Finding[] = [];
  const isGood = await checkFile(request, (finding) => findings.push(finding));
  const text = json ? JSON.stringify({ isGood, findings }, null, 2) : inWords(findings, isGood);
  await conclude(telling, text, isGood ? outcomes.good : outcomes.bad);
};

const inWords = (findings: readonly Finding[], isGood: boolean): string =>
  [...findings.map(lineOf), isGood ? 'All is as it was signed.' : 'It is NOT as it was signed.'].join('\n');

const lineOf = ({ what, isGood, detail }: Finding) => `${isGood ? 'good ' : 'WRONG'}  ${what}: ${detail}`;
