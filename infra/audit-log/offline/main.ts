import { parseArgs, type ParseArgsConfig } from 'node:util';
import { check } from './check-command.js';
import { outcomes } from './conclusion.js';
import { printTo } from './output.js';

const help = `evermart-audit-check FILE --key PUBLIC-KEY.pem [--checkpoint NOTE.txt ...] [--json]

Checks off line, with nothing but Node and the public key, which you should have been given by another way:
  a bundle                     evermart-audit-check bundle.tar.gz --key public-key.pem
  the proof of an event        evermart-audit-check proof.json --key public-key.pem
                               as GET /audit/proofs/:position answers it
  that a log has only grown    evermart-audit-check consistency.json --key public-key.pem \\
                                 --checkpoint older.txt --checkpoint newer.txt
                               as GET /audit/consistency answers it, and both checkpoints

Exits with 0 when all is as it was signed, 1 when something is not, 2 when it cannot be checked.`;

const options = {
  key: { type: 'string' },
  checkpoint: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

const print = printTo(process.stdout);
const leave = (code: number) => {
  process.exitCode = code;
};

const run = async (): Promise<void> => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return print(help);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0 || values.key === undefined) throw new Error(help);
  const { key: keyFile, checkpoint: checkpoints = [], json } = values;
  return check({ print, leave }, { file, keyFile, checkpoints, json });
};

try {
  await run();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode ||= outcomes.notKnown;
}
