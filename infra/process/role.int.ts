import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const entry = join(import.meta.dirname, '../../dist/infra/process/testing/endless-role.js');

it('leaves a role that does not come to its end', async () => {
  const child = spawn(process.execPath, [entry], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const { msg } = JSON.parse(line) as { msg: string };
    said.push(msg);
    if (msg === 'started') child.kill('SIGTERM');
  }
  expect(said).toEqual(['started', 'stopping', 'left before everything that was begun had finished']);
  expect(await exited).toEqual([1, null]);
});
