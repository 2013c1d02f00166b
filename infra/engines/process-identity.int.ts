import { spawn } from 'node:child_process';
import { endProcess, identify, isRunning } from './process-identity.js';

const startProcess = async () => {
  const child = spawn('sleep', ['60']);
  await new Promise((resolve) => child.once('spawn', resolve));
  const identity = identify(child.pid ?? 0);
  if (identity === null) throw new Error('sleep does not run');
  return identity;
};

describe('a recorded process', () => {
  it('is ended', async () => {
    const identity = await startProcess();
    await expect(endProcess(identity)).resolves.toBe(true);
    expect(isRunning(identity)).toBe(false);
  });

  it('is not confused with another that has got its id', async () => {
    const identity = await startProcess();
    await expect(endProcess({ ...identity, startTime: '0' })).resolves.toBe(false);
    expect(isRunning(identity)).toBe(true);
    await endProcess(identity);
  });
});
