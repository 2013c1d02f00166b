import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { openCheckpoint, signCheckpoint, type Checkpoint } from './checkpoint.js';
import { signedOf } from './checkpoints.js';
import { correlationKey } from './correlation-key.js';

const key = generateKeyPairSync('ed25519');
const checkpoint: Checkpoint = {
  ...{ size: 81_205, root: Buffer.alloc(32, 7), position: 12345678901234567890n, time: '2026-03-14T09:26:50.000Z' },
};

describe('a checkpoint', () => {
  it('is a signed note, as C2SP has it', () => {
    const root = checkpoint.root.toString('base64');
    const text = `evermart/audit\n81205\n${root}\nposition 12345678901234567890\ntime 2026-03-14T09:26:50.000Z\n`;
    const note = signCheckpoint(checkpoint, key);
    expect(note.startsWith(`${text}\n— evermart/audit `)).toBe(true);
    expect(Buffer.from(note.trimEnd().split(' ').at(-1) ?? '', 'base64')).toHaveLength(4 + 64);
  });

  it('is read by who has the public key', () => {
    const publicKey = createPublicKey(key.publicKey.export({ type: 'spki', format: 'pem' }));
    expect(openCheckpoint(signCheckpoint(checkpoint, key), publicKey)).toEqual(checkpoint);
  });

  it.each([
    ['another size', (note: string) => note.replace('81205', '81206')],
    ['another position', (note: string) => note.replace('position 1', 'position 2')],
    ['another root', (note: string) => note.replace('BwcHBw', 'BwcHCA')],
    ['another signature', (note: string) => note.replace(/.{6}\n$/, 'AAAAA=\n')],
    ['another name', (note: string) => note.replaceAll('evermart', 'everart')],
    ['more behind it', (note: string) => `${note}more\n`],
    ['nothing', () => ''],
  ])('is none with %s', (_, change) => {
    expect(openCheckpoint(change(signCheckpoint(checkpoint, key)), key.publicKey)).toBeNull();
  });

  it('is none of another key', () => {
    expect(openCheckpoint(signCheckpoint(checkpoint, key), generateKeyPairSync('ed25519').publicKey)).toBeNull();
  });
});

it('what is no checkpoint counts after the one before it', () => {
  const notes = ['', signCheckpoint(checkpoint, key), 'nonsense'];
  const signed = signedOf(notes, (note) => openCheckpoint(note, key.publicKey));
  expect(signed.map(({ size, root }) => [size, root !== null])).toEqual([
    [0, false],
    [81_205, true],
    [81_205, false],
  ]);
});

it('a correlation is found by its UUID, or by the hash of what else it is', () => {
  expect(correlationKey('4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10')).toBe('4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10');
  expect(correlationKey('abc')).toBe('ba7816bf-8f01-cfea-4141-40de5dae2223');
});
