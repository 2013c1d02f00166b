import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from '../engines/installation.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evermart-fuzz-python-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Fuzzes where only `python3` is on the PATH, if that. */
const fuzzWith = async (python3: string | null) => {
  if (python3 !== null) await writeFile(join(folder, 'python3'), `#!/bin/sh\n${python3}\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: folder, EVERMART_CACHE_DIR: join(folder, 'engines') };
  const entry = join(packageFolder, 'dist/infra/fuzz/main.js');
  return new Promise<Readonly<{ succeeded: boolean; said: string }>>((resolve) => {
    execFile(process.execPath, [entry, '--optional'], { env }, (error, _, said) =>
      resolve({ succeeded: error === null, said }),
    );
  });
};

describe('fuzzing that is optional', () => {
  it.each([
    ['no Python', null],
    ['an old Python only', 'echo False'],
  ])('is left out where there is %s, and says so', async (_, python3) => {
    expect(await fuzzWith(python3)).toEqual({
      succeeded: true,
      said: 'The API was not fuzzed. Install Python 3.11 or newer, as python3 on the PATH\n',
    });
  });

  it('fails where there is Python and its packages cannot be had', async () => {
    const venv = [
      '/bin/mkdir -p "$4/bin"',
      String.raw`printf '#!/bin/sh\necho no index >&2; exit 1' > "$4/bin/python"`,
      '/bin/chmod 755 "$4/bin/python"',
    ];
    const { succeeded, said } = await fuzzWith(`if [ "$1" = -c ]; then echo True; exit; fi\n${venv.join('\n')}`);
    expect(succeeded).toBe(false);
    expect(said).toContain('Let pip reach a package index (PIP_INDEX_URL, or a pip.conf): no index');
  });
});
