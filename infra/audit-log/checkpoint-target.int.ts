import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openCheckpointTarget } from './checkpoint-target.js';

describe('checkpoints in a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'evermart-checkpoints-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = () => join(folder, 'made', 'checkpoints.ndjson');
  const target = () => openCheckpointTarget(file());

  it('are none before the first, and then as they were given, in their order', async () => {
    expect(await target().all()).toEqual([]);
    await target().append('one\n');
    await target().append('two\n');
    expect(await target().all()).toEqual(['one\n', 'two\n']);
  });

  it.each(['{"checkpoint":"ever', '{', '{"checkpoint":"ever"}'])('go on after %s, which was torn', async (torn) => {
    await target().append('one\n');
    appendFileSync(file(), torn);
    const before = readFileSync(file(), 'utf8');
    expect(await target().all()).toEqual(['one\n']);
    await target().append('two\n');
    // What lacks its line's end alone is a note once there is a next line.
    expect((await target().all()).filter((note) => note !== 'ever')).toEqual(['one\n', 'two\n']);
    // Where a file may only grow, nothing can be cut off.
    expect(readFileSync(file(), 'utf8').startsWith(before)).toBe(true);
  });

  it('are told from JSON that is none', async () => {
    await target().append('one\n');
    writeFileSync(file(), '{}\nnull\n{"checkpoint":1}\n', { flag: 'a' });
    expect(await target().all()).toEqual(['one\n', '', '', '']);
  });
});

it('checkpoints are kept at an address as well', async () => {
  let kept = '';
  const server = createServer((request, response) => {
    if (request.method === 'GET') response.end(kept);
    else
      void text(request).then((line) => {
        kept += line;
        response.writeHead(201).end();
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const remote = openCheckpointTarget(`http://127.0.0.1:${port}/checkpoints`);
  await remote.append('one\n');
  await remote.append('two\n');
  expect(await remote.all()).toEqual(['one\n', 'two\n']);
  server.close();
  await expect(remote.append('three\n')).rejects.toMatchObject({ name: 'TargetUnreachable' });
});
