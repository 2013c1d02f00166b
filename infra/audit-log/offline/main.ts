import { parseArgs, type ParseArgsConfig } from 'node:util';
import { checkFile } from './check-file.js';
import type { Finding } from './report.js';

const help = `evermart-audit-check FILE --key PUBLIC-KEY.pem [--checkpoint NOTE.txt ...] [--json]

Checks off line, with nothing but Node and the public key, which you should have been given by another way:
  a bundle                     evermart-audit-check bundle.tar.gz --key public-key.pem
  the proof of an event        evermart-audit-check proof.json --key public-key.pem
                               as GET /audit/proofs/:position answers it
  that a log has only grown    evermart-audit-check consistency.json --key public-key.pem \\
                                 --checkpoint older.txt --checkpoint newer.txt
                               as GET /audit/consistency answers it, and both checkpoints

Exits with 0 when all is as it was signed, 1 when something is not, 2 when it cannot be checked.
`;

const options = {
  key: { type: 'string' },
  checkpoint: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

const say = (text: string) => void process.stdout.write(`${text}\n`);
const lineOf = ({ what, isGood, detail }: Finding) => `${isGood ? 'good ' : 'WRONG'}  ${what}: ${detail}`;

const check = async (): Promise<number> => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0 || values.key === undefined) {
    process.stderr.write(help);
    return 2;
  }
  const findings: Finding[] = [];
  const request = { file, keyFile: values.key, checkpoints: values.checkpoint ?? [] };
  const isGood = await checkFile(request, (finding) => {
    if (values.json) findings.push(finding);
    else say(lineOf(finding));
  });
  if (values.json) say(JSON.stringify({ isGood, findings }, null, 2));
  else say(isGood ? 'All is as it was signed.' : 'It is NOT as it was signed.');
  return isGood ? 0 : 1;
};

try {
  process.exitCode = await check();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
