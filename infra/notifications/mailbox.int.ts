import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMailbox, type Mailbox } from './mailbox.js';
import type { OutgoingMessage } from './notification-sender.js';

let dataDir: string;
let mailbox: Mailbox;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'evermart-mailbox-'));
  mailbox = createMailbox(dataDir);
});
afterEach(() => rm(dataDir, { recursive: true }));

const message: OutgoingMessage = {
  ...{ id: 'n1', userId: 'u1', channel: 'email', to: 'ada@example.org' },
  ...{ subject: 'Welcome', text: 'Hello Ada\n' },
};
const folderOf = (userId: string) => join(dataDir, 'mailbox', userId);

it('keeps each message readable in a file, for its owner only', async () => {
  expect(await mailbox.send(message)).toEqual({ reference: 'n1' });
  const path = join(folderOf('u1'), 'n1.json');
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(message);
  expect([(await stat(path)).mode & 0o777, (await stat(folderOf('u1'))).mode & 0o777]).toEqual([0o600, 0o700]);
});

it('lists what was sent to a person', async () => {
  await mailbox.send({ ...message, id: 'n2' });
  await mailbox.send(message);
  await mailbox.send({ ...message, userId: 'u2' });
  expect(await mailbox.list('u1')).toEqual([message, { ...message, id: 'n2' }]);
  expect(await mailbox.list('u3')).toEqual([]);
});

it('replaces a message that is sent again, and leaves no other file', async () => {
  await mailbox.send(message);
  await mailbox.send({ ...message, text: 'Hello again\n' });
  expect(await mailbox.list('u1')).toEqual([{ ...message, text: 'Hello again\n' }]);
  expect(await readdir(folderOf('u1'))).toEqual(['n1.json']);
});

describe('when a person is scrubbed', () => {
  it('holds nothing of them any more, also what a process that died was writing, and all of others', async () => {
    await mailbox.send(message);
    await mailbox.send({ ...message, userId: 'u2' });
    await writeFile(join(folderOf('u1'), '.written-in-part'), 'ada@ex');
    await mailbox.scrub('u1');
    expect(await readdir(join(dataDir, 'mailbox'))).toEqual(['.scrubbed', 'u2']);
    expect(await mailbox.list('u2')).toHaveLength(1);
  });

  it('can be repeated, and done before anything was sent', async () => {
    await mailbox.scrub('u1');
    await expect(mailbox.scrub('u1')).resolves.toBeUndefined();
  });

  it('keeps nothing of a message that comes late', async () => {
    await mailbox.scrub('u1');
    await expect(createMailbox(dataDir).send(message)).rejects.toMatchObject({
      code: 'recipient.unknown',
      isPermanent: true,
    });
    expect(await readdir(join(dataDir, 'mailbox'))).toEqual(['.scrubbed']);
  });

  it('keeps nothing of messages that are just being written', async () => {
    const ids = [...Array(50).keys()].map((number) => `n${number}`);
    const sending = Promise.allSettled(ids.map((id) => mailbox.send({ ...message, id })));
    await mailbox.scrub('u1');
    await sending;
    expect(await readdir(join(dataDir, 'mailbox'))).toEqual(['.scrubbed']);
  });
});

it.each(['..', '.', '.scrubbed', '', 'a/b', '../../etc'])('refuses "%s" as a name of a person', async (userId) => {
  await expect(mailbox.send({ ...message, userId })).rejects.toThrow('cannot be the name of a file');
  await expect(mailbox.scrub(userId)).rejects.toThrow('cannot be the name of a file');
});
