import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { masterKeyFiles } from './master-key-files.js';

const [first, second, third] = ['ab', 'cd', 'ef'].map((digits) => digits.repeat(32)) as [string, string, string];
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'evermart-master-key-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const write = (contents: Readonly<Record<string, string>>) =>
  Object.entries(contents).forEach(([name, key]) => writeFileSync(join(dataDir, name), `${key}\n`));
const contents = () =>
  Object.fromEntries(
    readdirSync(dataDir)
      .toSorted()
      .map((name) => [name, readFileSync(join(dataDir, name), 'utf8').trim()]),
  );

describe('the files of master keys', () => {
  it('keep the key that is replaced, also where one retired before was left behind', () => {
    write({ 'master.key': second, 'master.key.next': third, 'master.key.old': first });
    masterKeyFiles(dataDir).switchToNext(third);
    expect(contents()).toEqual({ 'master.key': third, 'master.key.old': second });
  });

  it('keep a key that the next rotation has made the old one while it was about to be the only one', () => {
    write({ 'master.key': third, 'master.key.old': second });
    masterKeyFiles(dataDir).removeRetired(second);
    expect(contents()).toEqual({ 'master.key': third, 'master.key.old': second });
  });

  it('hold only the present key once the old one is retired', () => {
    write({ 'master.key': second, 'master.key.old': first });
    masterKeyFiles(dataDir).removeRetired(second);
    expect(contents()).toEqual({ 'master.key': second });
  });

  it('switch to the key that was rotated to, not to one that another rotation has kept meanwhile', () => {
    write({ 'master.key': second, 'master.key.next': third, 'master.key.old': first });
    masterKeyFiles(dataDir).switchToNext(second);
    expect(contents()).toEqual({ 'master.key': second, 'master.key.next': third, 'master.key.old': first });
  });
});
