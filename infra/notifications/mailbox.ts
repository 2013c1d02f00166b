import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SendingFailed, type NotificationSender, type OutgoingMessage } from './notification-sender.js';

/** Keeps messages as files instead of sending them, so that they can be read while nobody is to be written to. */
export type Mailbox = NotificationSender &
  Readonly<{
    /** All that was sent to a person, in the order of the ids. */
    list: (userId: string) => Promise<readonly OutgoingMessage[]>;
    /** Removes all that was sent to a person, and takes nothing for them any more. May be repeated. */
    scrub: (userId: string) => Promise<void>;
  }>;

/** Messages are kept as `<dataDir>/mailbox/<userId>/<id>.json`; one that is sent again replaces the first. */
export const createMailbox = (dataDir: string): Mailbox => {
  const mailbox = join(dataDir, 'mailbox');
  const folderOf = (userId: string) => join(mailbox, checked(userId));
  // Tells whoever is writing while the person is erased; it holds nothing but the id.
  const markOf = (userId: string) => join(mailbox, '.scrubbed', checked(userId));

  const refuseScrubbed = async (userId: string): Promise<void> => {
    if (!(await exists(markOf(userId)))) return;
    await removeFolder(folderOf(userId));
    throw new SendingFailed('recipient.unknown', true);
  };

  const write = async (message: OutgoingMessage): Promise<void> => {
    const folder = folderOf(message.userId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const written = join(folder, `.${randomUUID()}`);
    await writeFile(written, `${JSON.stringify(message, undefined, 2)}\n`, { mode: 0o600 });
    await rename(written, join(folder, `${checked(message.id)}.json`));
  };

  return {
    send: async (message) => {
      try {
        await write(message);
      } catch {
        throw new SendingFailed('mailbox.not_written', false);
      } finally {
        await refuseScrubbed(message.userId);
      }
      return { reference: message.id };
    },

    list: async (userId) => {
      const names = await unlessAbsent(readdir(folderOf(userId)), []);
      const messages = names.filter((name) => name.endsWith('.json')).sort();
      return Promise.all(
        messages.map(
          async (name) => JSON.parse(await readFile(join(folderOf(userId), name), 'utf8')) as OutgoingMessage,
        ),
      );
    },

    scrub: async (userId) => {
      await mkdir(join(mailbox, '.scrubbed'), { recursive: true, mode: 0o700 });
      await writeFile(markOf(userId), '');
      await removeFolder(folderOf(userId));
    },
  };
};

/** @throws Error for an id that would lead to another folder. */
const checked = (id: string): string => {
  if (!/^[A-Za-z0-9_:-][A-Za-z0-9._:-]*$/.test(id)) throw new Error('The id cannot be the name of a file');
  return id;
};

const exists = (path: string): Promise<boolean> =>
  unlessAbsent(
    access(path).then(() => true),
    false,
  );

/** Again where somebody adds a file meanwhile. */
const removeFolder = (path: string) => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });

const unlessAbsent = async <Result>(work: Promise<Result>, otherwise: Result): Promise<Result> => {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return otherwise;
  }
};
