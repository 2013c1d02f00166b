import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSigningKey } from './signing-key.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evermart-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the signing key', () => {
  it('is made once, for its owner only, with the public one beside it', () => {
    const file = join(folder, 'audit', 'signing-key.pem');
    const made = openSigningKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}.pub`)).toBe(true);
    expect(openSigningKey(file).publicPem).toBe(made.publicPem);
  });

  it('is refused where it is no key of the kind', () => {
    expect(() => openSigningKey(folder)).toThrow('AUDIT_KEY_FILE');
  });
});
